//! The time of day.

use std::rc::Rc;

/// The clock on the wall: the time of day, which a host does not know by itself.
#[derive(Clone)]
pub struct Wall(Rc<dyn Fn() -> Option<u64>>);

impl Wall {
    /// A clock that shows how many seconds have passed since 1900 began in Greenwich, if it knows.
    pub fn new(seconds: impl Fn() -> Option<u64> + 'static) -> Self {
        Wall(Rc::new(seconds))
    }

    /// There is no clock.
    pub fn unknown() -> Self {
        Wall::new(|| None)
    }

    /// The seconds, as far as 32 bits can hold them: until 2036.
    pub(crate) fn seconds(&self) -> Option<u32> {
        u32::try_from((self.0)()?).ok()
    }
}

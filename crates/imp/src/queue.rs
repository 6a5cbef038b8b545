//! A queue that costs next to nothing to copy as long as it is empty: a subnet at its start has hundreds of such.

use std::collections::VecDeque;
use std::ops::{Deref, DerefMut};

/// A queue, as [`VecDeque`] has it.
#[derive(Debug)]
pub(crate) struct Queue<T>(VecDeque<T>);

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Queue(VecDeque::new())
    }
}

impl<T: Clone> Clone for Queue<T> {
    fn clone(&self) -> Self {
        if self.is_empty() { Queue::default() } else { Queue(self.0.clone()) }
    }
}

impl<T> Deref for Queue<T> {
    type Target = VecDeque<T>;
    fn deref(&self) -> &VecDeque<T> {
        &self.0
    }
}

impl<T> DerefMut for Queue<T> {
    fn deref_mut(&mut self) -> &mut VecDeque<T> {
        &mut self.0
    }
}

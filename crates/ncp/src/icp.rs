//! The pure part of the initial connection protocol (RFC 165): which sockets it uses, and how the server's
//! socket number travels.

use machine::{BitReader, BitWriter, Bits};

use crate::{ForeignSocket, Gender, Socket};

/// The contact socket of the logger, where a Telnet user begins (RFC 165).
pub const TELNET_CONTACT: Socket = Socket::new(1);

/// The contact socket of the file transfer server (RFC 349).
pub const FTP_CONTACT: Socket = Socket::new(3);

/// The contact socket of the echo process (RFC 347, RFC 349).
pub const ECHO_CONTACT: Socket = Socket::new(7);

/// The contact socket of the process that discards what it is sent (RFC 348, RFC 349).
pub const DISCARD_CONTACT: Socket = Socket::new(9);

/// The socket that sends the time at once, and no number (RFC 738, of 1977).
pub const TIME_SOCKET: Socket = Socket::new(37);

/// The contact socket of name/finger (RFC 742, of 1977).
pub const FINGER_CONTACT: Socket = Socket::new(79);

/// How many bits the server's socket number has.
pub const NUMBER_BITS: usize = 32;

/// The sockets of a user, counted from its receive socket U (RFC 165).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct User {
    /// U: receives the server's socket number.
    pub contact: Socket,
    /// U+2: receives from the server's S+1.
    pub receive: Socket,
    /// U+3: sends to the server's S.
    pub send: Socket,
}

/// The sockets of a server process, counted from its receive socket S (RFC 165).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Server {
    /// S: receives from the user's U+3.
    pub receive: Socket,
    /// S+1: sends to the user's U+2.
    pub send: Socket,
}

/// Why the text on a contact connection is not a server's socket number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NumberError {
    /// The contact connection carried fewer than 32 bits.
    #[error("a socket number has 32 bits, but only {0} arrived")]
    Short(usize),
    /// S must be a receive socket.
    #[error("the server's socket {0} is a send socket")]
    Odd(Socket),
}

/// The pairs of RFC 165 are counted from a receive socket, and this is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("socket {0} is not a receive socket")]
pub struct NotReceive(pub Socket);

impl User {
    /// The sockets that begin at the receive socket `u`.
    pub fn at(u: Socket) -> Result<Self, NotReceive> {
        match u.gender() {
            Gender::Receive => Ok(User { contact: u, receive: u.offset(2), send: u.offset(3) }),
            Gender::Send => Err(NotReceive(u)),
        }
    }
}

impl Server {
    /// The sockets that begin at the receive socket `s`.
    pub fn at(s: Socket) -> Result<Self, NotReceive> {
        match s.gender() {
            Gender::Receive => Ok(Server { receive: s, send: s.offset(1) }),
            Gender::Send => Err(NotReceive(s)),
        }
    }

    /// The user's sockets that this server connects with, as (for S, for S+1), when the user made contact
    /// from `contact`, its U.
    pub fn partners(self, contact: ForeignSocket) -> (ForeignSocket, ForeignSocket) {
        let at = |n| ForeignSocket { socket: contact.socket.offset(n), ..contact };
        (at(3), at(2))
    }
}

/// Reads the server's socket number S from the text of a contact connection. It makes no difference whether
/// it came as one byte of 32 bits or, as RFC 165 allows for a while, as four of eight.
pub fn read_number(text: &mut BitReader<'_>) -> Result<Socket, NumberError> {
    let left = text.left();
    let number = text.take(NUMBER_BITS).map_err(|_| NumberError::Short(left))?;
    let socket = Socket::from(number as u32);
    match socket.gender() {
        Gender::Receive => Ok(socket),
        Gender::Send => Err(NumberError::Odd(socket)),
    }
}

/// The text that a server sends on its contact socket: its socket number S, in 32 bits.
pub fn send_number(s: Socket) -> Bits {
    let mut writer = BitWriter::new(NUMBER_BITS);
    writer.put(s.number().into(), NUMBER_BITS);
    writer.finish()
}

#[cfg(test)]
mod tests {
    use imp1822::HostAddress;

    use super::*;

    #[test]
    fn the_sockets_of_both_sides_as_rfc_165_counts_them() {
        let (u, s) = (Socket::from(65536), Socket::from(200));
        let user = User::at(u).expect("65536 is even");
        assert_eq!((user.receive.number(), user.send.number()), (65538, 65539));
        let server = Server::at(s).expect("200 is even");
        let host = HostAddress::from(69);
        let (for_receive, for_send) = server.partners(ForeignSocket { host, socket: u });
        assert_eq!(for_receive.socket, user.send, "the server's S hears the user's U+3");
        assert_eq!(for_send.socket, user.receive, "the server's S+1 speaks to the user's U+2");
        assert_eq!(User::at(Socket::from(7)), Err(NotReceive(Socket::from(7))));
    }

    #[test]
    fn the_contact_sockets_are_those_of_the_documents() {
        for (contact, number) in [
            (TELNET_CONTACT, 1),
            (FTP_CONTACT, 3),
            (ECHO_CONTACT, 7),
            (DISCARD_CONTACT, 9),
            (TIME_SOCKET, 37),
            (FINGER_CONTACT, 79),
        ] {
            assert_eq!(
                (contact.number(), contact.gender()),
                (number, Gender::Send),
                "RFC 165, 349, 738, 742"
            );
        }
    }

    #[test]
    fn a_socket_number_survives_its_journey() {
        let s = Socket::from(0x0001_0206);
        let bits = send_number(s);
        assert_eq!(bits.bytes(), [0, 1, 2, 6]);
        assert_eq!(read_number(&mut bits.reader()), Ok(s));
    }

    #[test]
    fn what_is_no_receive_socket_is_no_answer() {
        let odd = send_number(Socket::from(201));
        assert_eq!(read_number(&mut odd.reader()), Err(NumberError::Odd(Socket::from(201))));
        assert_eq!(read_number(&mut BitReader::new(&[0, 0, 1])), Err(NumberError::Short(24)));
    }
}

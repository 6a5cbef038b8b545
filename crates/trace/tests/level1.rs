//! Each type of message of level 1 is shown as what it is, from literal bytes.

use imp1822::{HostAddress, Signal};
use machine::Bits;
use trace::{Follower, Lens, Party};

/// A host, and another, which is host 0 of IMP 13.
const HERE: HostAddress = match HostAddress::new(0, 1) {
    Some(address) => address,
    None => panic!("no such address"),
};
const OTHER: HostAddress = match HostAddress::new(0, 13) {
    Some(address) => address,
    None => panic!("no such address"),
};

#[test]
fn each_type_that_reaches_a_host_is_told_by_its_name_and_through_its_lens() {
    let imp = Party::Imp;
    let program = Party::Program(13);
    for (bytes, from, lens, what, meaning) in [
        (
            vec![0, 13, 42, 0, 8, 0],
            Party::Host(OTHER),
            Lens::Imp,
            "arrives on link 42, 48 bits",
            "with leader and padding",
        ),
        (
            vec![0, 13, 159, 0],
            Party::Host(OTHER),
            Lens::Traffic,
            "arrives on link 159, 32 bits",
            "with leader and padding",
        ),
        (vec![0x40, 13, 42, 0], program, Lens::Data, "link 42, 32 bits of its program 0", "no report: "),
        (
            vec![1, 0, 42, 0],
            imp,
            Lens::Trouble,
            "ERROR IN LEADER link 42",
            "error flip-flop set on the leader",
        ),
        (vec![1, 0, 42, 2], imp, Lens::Trouble, "ERROR IN LEADER link 42", "illegal message type"),
        (
            vec![2, 0, 0x40, 0],
            imp,
            Lens::Trouble,
            "IMP GOING DOWN",
            "in 30 s: scheduled hardware maintenance",
        ),
        (vec![4, 0, 0, 0], imp, Lens::Imp, "NOP", "to be ignored"),
        (
            vec![5, 13, 42, 0],
            imp,
            Lens::Imp,
            "RFNM host 13 link 42",
            "it has arrived: ready for the next message",
        ),
        (
            vec![5, 13, 159, 0],
            imp,
            Lens::Traffic,
            "RFNM host 13 link 159",
            "it has arrived: ready for the next message",
        ),
        (
            vec![7, 13, 42, 0],
            imp,
            Lens::Trouble,
            "DESTINATION DEAD host 13 link 42",
            "IMP dead or out of reach",
        ),
        (vec![7, 13, 42, 1], imp, Lens::Trouble, "DESTINATION DEAD host 13 link 42", "host dead"),
        (vec![7, 13, 159, 1], imp, Lens::Traffic, "DESTINATION DEAD host 13 link 159", "host dead"),
        (
            vec![0x47, 13, 42, 1],
            imp,
            Lens::Trouble,
            "DESTINATION DEAD fake host 0 of IMP 13 link 42",
            "host dead",
        ),
        (vec![8, 13, 42, 0], imp, Lens::Trouble, "ERROR IN DATA host 13 link 42", ""),
        (vec![8, 13, 159, 0], imp, Lens::Traffic, "ERROR IN DATA host 13 link 159", ""),
        (
            vec![9, 13, 42, 0],
            imp,
            Lens::Trouble,
            "INCOMPLETE host 13 link 42",
            "destination host did not take the message",
        ),
        (vec![9, 13, 42, 3], imp, Lens::Trouble, "INCOMPLETE host 13 link 42", "message lost in the subnet"),
        (
            vec![9, 13, 159, 3],
            imp,
            Lens::Traffic,
            "INCOMPLETE host 13 link 159",
            "message lost in the subnet",
        ),
        (vec![10, 0, 0, 0], imp, Lens::Imp, "INTERFACE RESET", "what was on its way is lost"),
        (vec![6, 0, 0, 0], imp, Lens::Trouble, "TYPE 6", ""),
        (vec![5, 13], imp, Lens::Trouble, "16 BITS", "shorter than a leader"),
    ] {
        let told = Follower::default().received(HERE, &Signal::Message(Bits::from_bytes(&bytes)));
        assert_eq!((told.from, told.to, told.lens), (from, Party::Host(HERE), lens), "{bytes:?}");
        assert_eq!(told.what, what, "{bytes:?}");
        assert!(told.meaning.starts_with(meaning), "{bytes:?}: {}", told.meaning);
        assert_eq!(told.meaning.is_empty(), meaning.is_empty(), "{bytes:?}: {}", told.meaning);
    }
}

#[test]
fn each_type_that_a_host_sends_is_told_by_its_name_and_through_its_lens() {
    let eco: &[u8] = &[0, 13, 0, 0, 0, 8, 0, 2, 0, 9, 7];
    for (bytes, to, lens, what, meaning) in [
        (eco, Party::Host(OTHER), Lens::Ncp, "ECO 7", "send this back"),
        (&[0, 13, 159, 0, 1, 2], Party::Host(OTHER), Lens::Traffic, "link 159, 16 bits", ""),
        (&[1, 0, 0, 0], Party::Imp, Lens::Imp, "ERROR", "a message was damaged"),
        (&[2, 0, 0, 0], Party::Imp, Lens::Imp, "GOING DOWN", "the host will stop"),
        (&[4, 0, 0, 0], Party::Imp, Lens::Imp, "NOP", "to be ignored"),
        (&[8, 13, 42, 0], Party::Imp, Lens::Imp, "ERROR host 13 link 42", "a message was damaged"),
        (&[5, 13, 42, 0], Party::Imp, Lens::Imp, "TYPE 5", "no host may send this type"),
        (&[0], Party::Imp, Lens::Imp, "8 BITS", "shorter than a leader"),
    ] {
        let told = Follower::default().sent(HERE, &Signal::Message(Bits::from_bytes(bytes)));
        let told: Vec<_> =
            told.iter().map(|one| (one.from, one.to, one.lens, &*one.what, &*one.meaning)).collect();
        assert_eq!(told, [(Party::Host(HERE), to, lens, what, meaning)], "{bytes:?}");
    }
}

#[test]
fn a_ready_line_is_told_with_its_owner_and_what_it_means() {
    for (up, what, meaning) in [
        (true, "READY LINE UP", "messages can cross the cable"),
        (false, "READY LINE DOWN", "nothing can cross the cable"),
    ] {
        let heard = Follower::default().received(HERE, &Signal::Ready(up));
        assert_eq!((heard.from, heard.to, heard.lens), (Party::Imp, Party::Host(HERE), Lens::Imp));
        assert_eq!((&*heard.what, &*heard.meaning), (what, meaning));
        let said = Follower::default().sent(HERE, &Signal::Ready(up)).remove(0);
        assert_eq!((said.from, said.to, said.lens), (Party::Host(HERE), Party::Imp, Lens::Imp));
        assert_eq!((&*said.what, &*said.meaning), (what, meaning));
    }
}

//! What is said to partners, and when.

use super::*;

fn unsaid(command: Command) -> Unsaid {
    Unsaid { place: 1, command }
}

#[test]
fn commands_are_packed_whole_up_to_120_bytes() {
    let mut partner = PartnerEntry::new(Standing::Ready);
    let cls = Command::Cls { mine: Socket::from(2), yours: Socket::from(3) };
    partner.queue.extend([unsaid(cls); 14]);
    let message = partner.next_message(false, |_| true).expect("there are commands");
    assert_eq!((message.commands.len(), message.tries), (13, 1), "13 times 9 bytes are 117");
    assert_eq!(partner.next_message(false, |_| true).map(|message| message.commands), Some(vec![cls]));
}

#[test]
fn a_plain_host_puts_one_command_in_a_message() {
    let mut partner = PartnerEntry::new(Standing::Ready);
    partner.queue.extend([Command::Nop, Command::Eco { data: 1 }].map(unsaid));
    assert_eq!(
        partner.next_message(true, |_| true).map(|message| message.commands),
        Some(vec![Command::Nop])
    );
}

#[test]
fn only_rst_and_rrp_pass_while_a_reset_is_unanswered() {
    let mut partner = PartnerEntry::new(Standing::AwaitingReply);
    partner.urgent.push_back(Command::Rst);
    partner.queue.push_back(unsaid(Command::Eco { data: 1 }));
    assert_eq!(
        partner.next_message(false, |_| true).map(|message| message.commands),
        Some(vec![Command::Rst])
    );
    assert!(partner.next_message(false, |_| true).is_none());
}

#[test]
fn hosts_are_woken_once_and_in_order() {
    let (a, b) = (HostAddress::from(9), HostAddress::from(3));
    let mut partners = Partners::new(Standing::Ready);
    for host in [a, b, a] {
        partners.wake(host);
    }
    assert_eq!((partners.next_waiting(), partners.next_waiting()), (Some(a), Some(b)));
    partners.wake_all();
    partners.wake(a);
    assert_eq!((partners.next_waiting(), partners.next_waiting()), (Some(b), Some(a)), "by number");
    assert_eq!(partners.next_waiting(), None);
}

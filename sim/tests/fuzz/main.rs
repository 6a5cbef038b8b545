//! The fuzz targets of FTP on their seeds and on a bounded number of mutations of them, so that they run with every
//! test and need nothing installed.

mod lines;
#[path = "../../../crates/ncp/tests/fuzz/mutations.rs"]
mod mutations;
mod script;
mod server;
mod user;

use mutations::on_seeds_and_mutations;

#[test]
fn whatever_bytes_come_over_a_control_connection_they_are_commands_or_errors_that_can_be_sent() {
    on_seeds_and_mutations("command", 2000, lines::fuzz_command);
}

#[test]
fn whatever_a_server_says_is_replies_news_or_an_error_and_leaves_no_command_answered_twice() {
    on_seeds_and_mutations("reply", 2000, lines::fuzz_reply);
}

#[test]
fn whatever_a_stranger_sends_on_all_his_connections_the_server_serves_the_next_user() {
    on_seeds_and_mutations("server", 30, server::fuzz_server);
}

#[test]
fn whatever_a_server_does_its_user_is_told_an_end_and_can_go_to_another() {
    on_seeds_and_mutations("user", 30, user::fuzz_user);
}

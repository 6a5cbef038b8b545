//! Room that is promised comes back, whatever becomes of the message that it was for.

use imp::{Mishap, Toward};

use crate::world::{World, net, regular, rfnm};

/// What a host on another IMP is told of a message of eight packets for host 2.
fn eight_packets_get_through(world: &mut World) {
    world.forget();
    world.says(4, regular(2, 9, 8000));
    world.pass(20_000_000);
    assert_eq!(world.told(4), [rfnm(2, 9)]);
}

fn busy() -> World {
    World::new(&net(&[1, 2, 3, 4], &[[1, 2], [2, 3], [2, 4]], &[1, 65, 2, 3, 4]))
}

#[test]
fn a_withdrawal_that_overtakes_its_message_gives_the_room_back() {
    let mut world = busy();
    for link in 0..8 {
        // The line is busy with packets for another host, behind which the first of two packets waits.
        for other in 0..4 {
            world.says(1, regular(3, 10 * link + other, 1000));
        }
        world.mishap(65, Toward::Imp, Mishap::DataError);
        world.says(65, regular(2, link, 1100));
        world.pass(1_000_000);
    }
    eight_packets_get_through(&mut world);
}

#[test]
fn a_host_that_dies_while_a_message_for_it_is_under_way_does_not_cost_its_imp_room() {
    let mut world = busy();
    for link in 0..6 {
        world.says(1, regular(2, link, 8000));
        // The ALL(8) is used, and the first packet on the line.
        world.pass(45_000);
        world.ready(2, false);
        world.pass(1_000);
        world.ready(2, true);
        world.pass(1_000_000);
    }
    eight_packets_get_through(&mut world);
}

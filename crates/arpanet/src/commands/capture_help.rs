//! What the help of `arpanet read` says of captures.

use trace::capture::{BEGINNING_BYTES, BEGINNING_MICROS, BEGINNING_PACKETS};
use view::json::schema;

/// What is to be known of captures.
pub(super) fn captures() -> String {
    let seconds = BEGINNING_MICROS / 1_000_000;
    let megabytes = BEGINNING_BYTES >> 20;
    let schema = schema();
    format!(
        "\
A CABLE is found by the first four bytes of its datagrams, H316, whatever the
ports are. Which end is the IMP shows in what it says: only an IMP sends RFNMs.
A host's address is inferred when the same messages also appear on another
captured cable; else say it with --host. A host whose cable is not in the
capture is heard through the others.

Files may be pcap or pcapng, in either byte order, packed with gzip or not;
packets Ethernet (with VLAN tags), raw IP, loopback, or Linux cooked; IPv4 or
IPv6. Fragments are not put together. What is lost, doubled or broken is told
where it happens, and a summary stands above the transcript. It names what was
left out: other protocols, other link types, lines between two IMPs.

LENGTH does not matter: a file is read three times, and never more of it is kept
than some ten megabytes. What comes through a pipe cannot be read again. Its first
{seconds} seconds are looked at, but no more than {BEGINNING_PACKETS} packets or {megabytes} megabytes, or
one second if it is known of each cable who is at its ends (say it with --host); then each
line is printed as it comes. A cable that appears later is told of, but nobody on
it is accused of anything:

  tcpdump -i lo -U -w - udp | arpanet read - --host 127.0.0.1:20001=69

TIMES never run backwards here. If the clock of the capture is set back, that is
told, and times go on from where they were; an hour without a packet is told,
as nobody knows whether the clock was set ahead. What was due then is held
against nobody. Packets of which the file says no time (simple packet blocks)
have the sign - in its place, and from then on only the form of messages is judged.

PASSWORDS cross a cable as they are, and stand so in every capture; what is printed
here has a mask in their place, also with --bits and --json.

Captures of `scenario --pcapng` begin on 24 January 1973 at 00:00 UTC, those of
`host` and `net --live` when they were made. Each cable is an interface with the
name of its host. Host HOST on IMP has the IP address 10.HOST.0.IMP, its IMP
10.255.0.IMP, both port 1822. With h316.lua, which comes with this command,
Wireshark and tshark take any of these captures apart:

  arpanet show h316.lua > h316.lua
  arpanet scenario rfc438-append --pcapng append.pcapng
  wireshark -X lua_script:h316.lua append.pcapng

RULES of the 1822 interface and of the Host/Host protocol that somebody breaks
are told below the message that shows it, whatever is shown, and summed up at
the end. A capture may begin and end anywhere and miss datagrams: what may be
explained by that is held against nobody. ADVICE that only one document of
several gives is told once, counted apart, and does not touch the exit status.
`show rules` lists rules and advice with their sources.

JSON: with --json each line is an object, whose field `is` says of what sort. The
first is of the sort capture, the last of the sort end, if the capture ends; in
between stands one for each thing on a cable, whatever it is. Sorts and fields may
be added: pass over those that you do not know. A ? marks a field that may be
absent.

{schema}
PLAYING: with --play SITE nothing is shown of the capture itself. A fresh host of
ours at SITE's address, with a server of files, and with the accounts and files that
--account, --file, --accounts and --folder say, hears what others said to SITE, at
the times of the capture. So one tests against hosts that one does not have:

  arpanet read unix.pcapng --play CHARLY --account SMITH:BLUE

Below each thing that a partner says stands what was answered:

  =  the same by both; many in a row are only counted
  ~  the same in other words
  -  by SITE in the capture only
  +  by ours only

Sockets and links are each host's own choice: those of SITE are mapped to ours, by
the partner's sockets. A reply of FTP is known by its code; data are the same if all
bytes are. How much each allocates is not compared: data for ours wait until it has
allocated for them, and ours is given freely. The IMP is played; it loses nothing.
Only what others ask of SITE can be played: what SITE asked of others as a user is
left out, and told. Everything that SITE has sent is kept in memory.

EXIT STATUS
  0  read to its end, or as far as somebody wanted to see it
  1  broken on the way, read up to there
  2  no capture, or no cable in it
  3  with --strict: read to its end, and a rule was broken; with --play: ours
     answers otherwise"
    )
}

//! What is told of a wrong net, mistake by mistake.

use super::super::parse_net;

/// The messages, and the first suggestion, against a net with these lines after its heading and two sound IMPs.
#[track_caller]
fn told(lines: &str) -> (Vec<String>, String) {
    let text = format!("net n N\nimp 5 BBN\nimp 6 MIT\n{lines}\n");
    let errors = parse_net("n.net", &text).expect_err("this is no net");
    let shown = errors.render(false, 200);
    let help =
        shown.lines().find_map(|line| line.trim().strip_prefix("help: ")).unwrap_or_default().to_owned();
    (errors.messages().map(str::to_owned).collect(), help)
}

/// One mistake, and what its suggestion holds.
#[track_caller]
fn says(line: &str, message: &str, help: &str) {
    let (messages, suggestion) = told(line);
    assert_eq!(messages, [message], "{line}");
    assert!(suggestion.contains(help), "{line}: {suggestion}");
}

#[test]
fn an_imp_is_a_number_a_name_and_a_place() {
    says("imp", "expected the number of the IMP, but the line ends", "");
    says("imp 7", "expected the name of the IMP, but the line ends", "");
    says("imp RAND 7", "expected the number of the IMP, found `RAND`", "`imp NUMBER NAME");
    says("imp 64 RAND", "the number of an IMP cannot be 64", "");
    says("imp -1 RAND", "the number of an IMP cannot be -1", "no sign");
    says("imp 5 RAND", "a second IMP 5", "");
    says("imp 7 bbn", "a second IMP `bbn`", "");
    says("imp 7 7", "the name of an IMP cannot be `7`", "");
    says("imp 7 RAND CORP", "unexpected `CORP`", "imp NUMBER NAME");
    says("imp 7 RAND/2", "the name of an IMP cannot be `RAND/2`", "letters, digits and minus signs");
    says("imp 7 M\u{dc}NCHEN", "the name of an IMP cannot be `M\u{dc}NCHEN`", "letters");
    says("imp 7 RAND-", "the name of an IMP cannot be `RAND-`", "");
    says("imp 7 IMP", "the name of an IMP cannot be `IMP`", "");
    says("imp 7 RAND 34.01N 118.49W", "unexpected `34.01N`", "at 42.3898N 71.1476W");
}

#[test]
fn imps_report_to_a_host_of_the_net_and_neither_too_often_nor_too_seldom() {
    says("reports", "expected `to`, but the line ends", "`reports to HOST");
    says("reports to", "expected the host of the control center, but the line ends", "");
    says("reports to NCC", "the net n has no host NCC", "there are none");
    let says =
        |line: &str, message: &str, help: &str| says(&format!("host NCC 5 H-316\n{line}"), message, help);
    says("reports to BBN", "the net n has no host BBN", "that is an IMP; its hosts are: NCC");
    says("reports to NCC often", "unexpected `often`", "");
    says("reports to NCC every", "expected how often, but the line ends", "");
    says("reports to NCC every 10", "a duration without a unit", "");
    says("reports to NCC every 0.5s", "IMPs cannot report every 0.5s", "each 52.4s");
    says("reports to NCC every 61s", "IMPs cannot report every 61s", "each 52.4s");
    says("reports to NCC\nreports to NCC", "a second `reports`", "");
}

#[test]
fn a_place_is_latitude_then_longitude_each_with_its_side() {
    says("imp 7 RAND at", "expected the latitude, but the line ends", "");
    says("imp 7 RAND at 34.01N", "expected the longitude, but the line ends", "");
    says("imp 7 RAND at 118.49W 34.01N", "`118.49W` is a longitude", "latitude, then longitude");
    says("imp 7 RAND at 34.01N 34.01N", "`34.01N` is a latitude", "latitude, then longitude");
    says("imp 7 RAND at 34.01 118.49", "a latitude without a direction", "write `34.01N`");
    says("imp 7 RAND at 34.01N -118.49", "a longitude without a direction", "write `118.49W`");
    says("imp 7 RAND at 34.01 N 118.49 W", "a latitude without a direction", "without a blank");
    says("imp 7 RAND at 34\u{b0}N 118\u{b0}W", "`34\u{b0}N` is no latitude", "like `42.3898N");
    says("imp 7 RAND at 34.01N, 118.49W", "`34.01N,` is no latitude", "like `42.3898N");
    says("imp 7 RAND at N W", "`N` is no latitude", "");
    says("imp 7 RAND at 90.1N 0E", "a latitude cannot be 90.1N", "");
    says("imp 7 RAND at 9N 200E", "a longitude cannot be 200E", "");
    says("imp 7 RAND at 34.0100001N 9E", "`34.0100001N` is too fine", "six behind the point");
    says(
        &format!("imp 7 RAND at {}N 9E", "9".repeat(90)),
        &format!("a latitude cannot be {}N", "9".repeat(90)),
        "",
    );
    says("imp 7 RAND at 34N 118W 0m", "unexpected `0m`", "");
}

#[test]
fn a_line_has_two_ends_a_speed_and_a_length() {
    says("line BBN MIT 50kb/s 1km", "expected `to`, found `MIT`", "");
    assert_eq!(told("line BBN to 50kb/s 1km").0, ["unknown IMP `50kb/s`", "unknown unit `km`"]);
    says("line BBN to MIT 1km", "unknown unit `km`", "`kb/s`");
    says("line BBN to MIT 1km 50kb/s", "unknown unit `km`", "`kb/s`");
    says("line BBN to MIT 50kbps 1km", "unknown unit `kbps`", "write `50kb/s`");
    says("line BBN to MIT 50kb/s", "expected the length of the line, but the line ends", "");
    says("line BBN to MIT 50kb/s delay", "expected the delay of the line, but the line ends", "");
    says("line BBN to MIT 50kb/s delay 260", "a duration without a unit", "`260s`");
    says("line BBN to MIT 50kb/s 260ms", "unknown unit `ms`", "delay 260ms");
    says("line BBN to MIT 50kb/s 1km 2km", "unexpected `2km`", "");
    says("line BBN to MTI 50kb/s 1km", "unknown IMP `MTI`", "did you mean `MIT`?");
    assert_eq!(
        told("line BNB to MTI 50 1km").0,
        ["unknown IMP `BNB`", "unknown IMP `MTI`", "a speed without a unit"],
        "all at once"
    );
    says("line 5 to 7 50kb/s 1km", "unknown IMP `7`", "BBN");
    says("line BBN to 5 50kb/s 1km", "a line from an IMP to itself", "");
    says("line 5 to 6 50kb/s 1km\nline MIT to BBN 9.6kb/s 1km", "a second line from MIT to BBN", "");
}

#[test]
fn a_host_has_a_name_an_address_and_a_system() {
    says("host", "expected the name of the host, but the line ends", "");
    says("host BBN-TENEX", "expected the address of the host, but the line ends", "");
    says("host BBN-TENEX 69", "expected the system of the host, but the line ends", "");
    says("host BBN-TENEX TENEX 69", "expected the address of the host, found `TENEX`", "`host NAME ADDRESS");
    says(
        "host 69 BBN-TENEX TENEX",
        "expected the address of the host, found `BBN-TENEX`",
        "`host NAME ADDRESS",
    );
    says("host BBN-TENEX 256 TENEX", "the address of a host cannot be 256", "");
    says("host RAND-RCC 7 360/65", "there is no IMP 7", "64 times the number of the host");
    says("host A 5 X\nhost B 0o5 X", "a second host at address 5", "");
    says("host A 5 X\nhost B 6 X aka a", "a second host name `a`", "");
    says("host A 5 X aka B b", "a second host name `b`", "");
    says("host A 5 aka B", "the host has no system", "TENEX");
    says("host A 5 X aka", "expected another name of the host, but the line ends", "");
    says("host A 5 X Y", "unknown clause `Y`", "`cable`, `aka`");
    says("host A 5 X cabel 9.6kb/s", "unknown clause `cabel`", "did you mean `cable`?");
    says("host A 5 X cable", "expected the speed of the cable, but the line ends", "");
    says("host A 5 X cable 9.6", "a speed without a unit", "9.6kb/s");
    says("host A 5 X cable 0b/s", "a speed cannot be 0b/s", "");
    says("host A 5 X cable 9.6kb/s B", "unexpected `B`", "");
    says("host A 5 X aka B cable 9.6kb/s", "`cable` behind `aka`", "before `aka`");
    says("host expect 5 X", "the name of a host cannot be `expect`", "");
    says("host [A] 5 X", "the name of a host cannot be `[A]`", "letters");
    says(
        &format!("host {} 5 X", "A".repeat(49)),
        &format!("the name of a host cannot be `{}`", "A".repeat(49)),
        "48",
    );
}

#[test]
fn a_net_has_a_heading_and_something_below() {
    let messages = |text: &str| {
        let errors = parse_net("n.net", text).expect_err("this is no net");
        errors.messages().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(messages(""), ["the net has no name"]);
    assert_eq!(messages("imp 5 BBN"), ["the net has no name"]);
    assert_eq!(messages("net n"), ["expected a title, but the line ends", "the net has no IMP"]);
    assert_eq!(messages("net n N\nnet m M\nimp 5 BBN"), ["a second `net`"]);
    assert_eq!(messages("net n N\nsource\nimp 5 BBN"), ["expected a source, but the line ends"]);
    assert_eq!(messages("net n N\nimp 5 BBN\n  at 1N 2E"), ["unexpected indented line"]);
    assert_eq!(messages("nte n N\nimp 5 BBN"), ["unknown statement `nte`"], "it has a name, mistyped");
    assert_eq!(messages("title T\nimp 5 BBN"), ["unknown statement `title`", "the net has no name"]);
}

#[test]
fn an_imp_that_is_misread_is_one_mistake_however_often_it_is_named() {
    says(
        "imp 64 FAR\nline BBN to FAR 50kb/s 1km\nline FAR to MIT 50kb/s 1km",
        "the number of an IMP cannot be 64",
        "",
    );
    says(
        "ipm 7 RAND\nline BBN to RAND 50kb/s 1km\nhost R 7 X",
        "unknown statement `ipm`",
        "did you mean `imp`?",
    );
    says("imp 7 RAND at 1E 1N\nline 7 to BBN 50kb/s 1km\nhost R 71 X", "`1E` is a longitude", "");
}

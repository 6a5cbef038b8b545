//! The page of a run in a real browser: stepped through by keyboard, held against the tables of the hosts, looked at in several
//! sizes.
//!
//! It needs Chromium. Without it these tests count as ignored. Pictures are left in the folder `tmp` of the target.

mod browser;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use browser::Browser;
use libtest_mimic::{Arguments, Failed, Trial};
use sim::scenario::library;
use sim::{Options, Outcome, Prepared};
use trace::{Keep, Lens};
use view::page::{Packets, PageRun, html};
use view::sheet::Sheet;

fn main() {
    let arguments = Arguments::from_args();
    let program = browser::installed();
    if program.is_none() {
        eprintln!("SKIPPED: there is no chromium: the page of a run is not tried in a browser");
    }
    type Test = fn(&mut Browser) -> Result<(), Failed>;
    let tests: [(&str, Test); 7] = [
        ("by keyboard from the first to the last record, with the tables of netstat", steps),
        ("to the cause, the answer, a phase, what is sought, a time, an address", jumps),
        ("nothing is too wide, nameless or broken at any size, light or dark", sizes),
        ("of a long run only what is in view is drawn", long_run),
        ("two runs stand side by side with figures, and their phases begin together", side_by_side),
        ("phases that two of three runs have begin together, whatever the third has", two_of_three),
        ("all of it can be printed", printed),
    ];
    let trials = tests.into_iter().enumerate().map(|(number, (name, test))| {
        let run = move || {
            let mut browser = Browser::start(program.unwrap_or_default(), &format!("browser-{number}"))?;
            test(&mut browser)?;
            // A page is asked for last, so that all complaints have come.
            browser.evaluate("0")?;
            if browser.complaints.is_empty() { Ok(()) } else { Err(browser.complaints.join("\n").into()) }
        };
        Trial::test(name, run).with_ignored_flag(program.is_none())
    });
    libtest_mimic::run(&arguments, trials.collect()).exit();
}

/// A replayed scenario of the library.
struct Replayed {
    name: &'static str,
    prepared: Prepared,
    outcome: Outcome,
    packets: Packets,
}

impl Replayed {
    fn new(name: &'static str) -> Self {
        let text = library::scenario(name).unwrap_or_else(|| panic!("there is no scenario {name}"));
        let prepared = Prepared::parse(text).unwrap_or_else(|errors| panic!("{}", errors.render(false, 100)));
        let options = Options { keep: Keep::Records, watch: imp::Watch::NoRouting };
        let mut outcome = prepared.replay_with_tables(prepared.scenario().seed, options);
        let packets = Packets::apart(&mut outcome);
        Replayed { name, prepared, outcome, packets }
    }

    fn sheet(&self) -> Sheet<'_> {
        Sheet::new(self.prepared.scenario(), &self.outcome)
    }
}

/// A file with the page of these runs.
fn page(name: &str, runs: &[&Replayed]) -> Result<PathBuf, Failed> {
    let sheets: Vec<Sheet<'_>> = runs.iter().map(|run| run.sheet()).collect();
    let runs: Vec<PageRun<'_>> = runs
        .iter()
        .zip(&sheets)
        .map(|(run, sheet)| PageRun {
            label: run.name,
            sheet,
            text: library::scenario(run.name).unwrap_or_default(),
            packets: &run.packets,
        })
        .collect();
    let file = picture(&format!("{name}.html"));
    fs::write(&file, html(&runs))?;
    Ok(file)
}

fn picture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

/// The record that is chosen.
fn chosen(browser: &mut Browser) -> Result<usize, Failed> {
    let record = browser.evaluate("Number(document.body.dataset.record)")?;
    Ok(record.as_u64().ok_or("no record is chosen")? as usize)
}

/// Fails with these words unless both are the same.
fn same<T: PartialEq + std::fmt::Debug>(what: &str, found: &T, expected: &T) -> Result<(), Failed> {
    if found == expected { Ok(()) } else { Err(format!("{what}: {found:?}, and not {expected:?}").into()) }
}

fn steps(browser: &mut Browser) -> Result<(), Failed> {
    let run = Replayed::new("rfc438-append");
    let sheet = run.sheet();
    let file = page("rfc438-append", &[&run])?;
    browser.resize(1280, 800)?;
    browser.open(&file, "")?;
    let seen: Vec<usize> =
        (0..sheet.moments.len()).filter(|record| sheet.moments[*record].is_seen(&Lens::USUAL)).collect();
    // Three places on the way, and three records at which tables change, though these are not seen.
    let looked = [1, 2, 3].map(|quarter| seen[seen.len() * quarter / 4]);
    let listings = |record: usize| -> Vec<_> {
        let tables = sheet.hosts().into_iter().map(|host| sheet.table(host, record as u64));
        tables.map(|table| table.map(|table| table.listing(sheet.names().hosts()))).collect()
    };
    let changing: Vec<usize> =
        (1..sheet.moments.len()).filter(|at| listings(*at) != listings(at - 1)).collect();
    browser.press("Home")?;
    let mut compared = 0;
    for record in &seen {
        same("the record to which the arrow leads", &chosen(browser)?, record)?;
        let words = browser.evaluate("document.getElementById('words').textContent")?;
        let words = words.as_str().unwrap_or_default();
        for said in &sheet.moments[*record].said {
            // Not every font has pictures of control characters.
            let what = said.what.replace('␍', "{CR}").replace('␊', "{LF}");
            same(&format!("record {record} says {what}"), &words.contains(&what), &true)?;
        }
        if looked.contains(record) {
            compared += tables_are_those_of_netstat(browser, &sheet, *record)?;
            browser.screenshot(&picture(&format!("page-{record}.png")))?;
        }
        browser.press("ArrowRight")?;
    }
    same("where the way ends", &chosen(browser)?, &seen[seen.len() - 1])?;
    for record in seen.iter().rev() {
        same("the record to which the other arrow leads", &chosen(browser)?, record)?;
        browser.press("ArrowLeft")?;
    }
    for record in [1, 2, 3].map(|quarter| changing[changing.len() * quarter / 4]) {
        browser.evaluate(&format!(
            "new Promise((done) => {{ addEventListener('hashchange', () => done(true), {{ once: true }}); \
             location.hash = 'r={record}'; }})"
        ))?;
        same("the record of a new address", &chosen(browser)?, &record)?;
        compared += tables_are_those_of_netstat(browser, &sheet, record)?;
    }
    same(&format!("whether there was something to compare: {compared} connections"), &(compared > 15), &true)
}

/// The tables of all hosts that have any.
fn tables_are_those_of_netstat(
    browser: &mut Browser,
    sheet: &Sheet<'_>,
    record: usize,
) -> Result<usize, Failed> {
    let mut compared = 0;
    for host in sheet.hosts() {
        let Some(table) = sheet.table(host, record as u64) else { continue };
        let name = sheet.names().host(host);
        let listing = table.listing(sheet.names().hosts());
        let lines = browser.evaluate(&format!(
            "[...document.querySelectorAll('[data-host=\"{name}\"] tr')].map((row) => \
             [...row.cells].map((cell) => cell.textContent).join(' ').trim())"
        ))?;
        let shown: Vec<String> = serde_json::from_value(lines)?;
        // The headings are ours; in a cell of two words, one blank parts them, as many in a column.
        let words = |line: &String| line.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        let shown: Vec<_> = shown.iter().skip(1).map(words).collect();
        let printed: Vec<_> = listing.iter().skip(1).map(words).collect();
        let printed: Vec<Vec<String>> = printed
            .into_iter()
            // A listener has nobody at the other end: one dash stands for host and socket.
            .map(|mut line| {
                if line.len() == 9 && line[1] == "-" {
                    line.remove(2);
                }
                line
            })
            .collect();
        same(&format!("the tables of {name} at record {record}"), &shown, &printed)?;
        for shown in &table.programs {
            let text =
                browser.evaluate(&format!("document.querySelector('[data-host=\"{name}\"]').textContent"))?;
            for (row, value) in &shown.rows {
                let has_it =
                    text.as_str().is_some_and(|text| text.contains(row) && text.contains(value.as_str()));
                same(&format!("{name} shows at record {record} that {row} is {value}"), &has_it, &true)?;
            }
        }
        compared += printed.len();
    }
    Ok(compared)
}

fn jumps(browser: &mut Browser) -> Result<(), Failed> {
    let run = Replayed::new("rfc438-append");
    let sheet = run.sheet();
    let file = page("rfc438-append-jumps", &[&run])?;
    browser.resize(1280, 800)?;
    let said_by = |who: &str, what: &str| {
        let is_it = |said: &view::sheet::Said| said.who.starts_with(who) && said.what.starts_with(what);
        let found = sheet.moments.iter().position(|one| one.said.iter().any(is_it));
        found.ok_or_else(|| Failed::from(format!("{who} does not say {what}")))
    };
    let (retr, reply) = (said_by("SITE3", "RETR ")?, said_by("SITE1", "250 ")?);
    browser.open(&file, &format!("r={retr}"))?;
    same("the record of the address", &chosen(browser)?, &retr)?;
    browser.press("a")?;
    same("the answer to RETR", &chosen(browser)?, &reply)?;
    browser.press("b")?;
    same("back from where one came", &chosen(browser)?, &retr)?;
    browser.press("c")?;
    let cause = chosen(browser)?;
    same("whether the cause comes before", &(cause < retr), &true)?;
    let is_it = sheet.moments[cause].said.iter().any(|said| said.what.starts_with("APPE "));
    same("whether RETR is sent because APPE has arrived", &is_it, &true)?;
    browser.press("/")?;
    for letter in "lstn".chars() {
        browser.press(&letter.to_string())?;
    }
    browser.press("Enter")?;
    same("what was sought", &chosen(browser)?, &said_by("SITE3", "LSTN")?)?;
    browser.press("PageDown")?;
    let title = |record: usize| sheet.phases[sheet.moments[record].phase].kind.title(sheet.names());
    same("the next phase", &title(chosen(browser)?).contains("step 2"), &true)?;
    browser.press("t")?;
    for letter in "0.2".chars() {
        browser.press(&letter.to_string())?;
    }
    browser.press("Enter")?;
    let there = &sheet.moments[chosen(browser)?];
    same("the last record until 0.2 s", &(there.at.as_micros() <= 200_000), &true)?;
    let next = sheet.moments.iter().find(|one| one.record > there.record && one.is_seen(&Lens::USUAL));
    same("the one behind it comes later", &next.is_some_and(|next| next.at.as_micros() > 200_000), &true)?;
    browser.press("?")?;
    let keys = browser.evaluate(
        "document.getElementById('help').open && document.querySelectorAll('#help-keys dt').length",
    )?;
    same("whether ? shows the keys", &keys.as_u64().is_some_and(|keys| keys > 15), &true)?;
    browser.press("Escape")?;
    let fold = browser.evaluate("(document.querySelector('.heading').dispatchEvent(new MouseEvent('click', { bubbles: true })), document.querySelector('.heading').textContent.includes('▸'))")?;
    same("whether a heading folds its phase", &fold, &true.into())?;
    browser.press("s")?;
    browser.screenshot(&picture("page-to-scale.png"))
}

fn sizes(browser: &mut Browser) -> Result<(), Failed> {
    let run = Replayed::new("rfc438-append");
    let file = page("rfc438-append-sizes", &[&run])?;
    for (width, height) in [(1280, 800), (390, 844)] {
        browser.resize(width, height)?;
        browser.open(&file, "r=138")?;
        for theme in ["light", "dark"] {
            let now = browser.evaluate("document.documentElement.dataset.theme")?;
            if now != theme {
                browser.press("d")?;
            }
            let wide = browser.evaluate("document.documentElement.scrollWidth")?;
            same(&format!("how wide the page is at {width}"), &wide, &width.into())?;
            browser.screenshot(&picture(&format!("page-{width}-{theme}.png")))?;
        }
        let nameless = browser.evaluate(
            "[...document.querySelectorAll('button, input, select, summary, [role]')].filter((one) => \
             !(one.textContent.trim() || one.getAttribute('aria-label') || one.labels?.length || \
             one.getAttribute('aria-labelledby') || one.getAttribute('role') === 'presentation' || one.querySelector('title'))) \
             .map((one) => one.outerHTML.slice(0, 80))",
        )?;
        same("what has no name for a screen reader", &nameless, &serde_json::json!([]))?;
        let told = browser.evaluate("document.getElementById('told').textContent")?;
        same(
            "whether the record is told",
            &told.as_str().is_some_and(|told| told.contains("RTS 57144")),
            &true,
        )?;
    }
    for tab in ["Tables", "Map", "Bits", "Scenario", "Teletype"] {
        browser.evaluate(&format!(
            "[...document.querySelectorAll('[role=tab]')].find((tab) => tab.textContent === '{tab}').click()"
        ))?;
        let seen = browser.evaluate(&format!(
            "document.querySelector('[data-tab={tab}]').getBoundingClientRect().height > 100 && \
             document.documentElement.scrollWidth"
        ))?;
        same(&format!("how wide the page is with {tab}"), &seen, &390.into())?;
        browser.screenshot(&picture(&format!("page-390-{}.png", tab.to_lowercase())))?;
    }
    Ok(())
}

fn long_run(browser: &mut Browser) -> Result<(), Failed> {
    let run = Replayed::new("append-100-kilobytes");
    let file = page("append-100-kilobytes", &[&run])?;
    browser.resize(1280, 800)?;
    browser.open(&file, "")?;
    let parts = browser.evaluate(
        "(async () => { const box = document.getElementById('ladder'); const parts = []; \
         for (let place = 0; place <= 20; place += 1) { \
           box.scrollTop = box.scrollHeight * place / 20; \
           await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); \
           parts.push(box.querySelectorAll('*').length); } \
         return [box.scrollHeight, ...parts]; })()",
    )?;
    let parts: Vec<u64> = serde_json::from_value(parts)?;
    let (height, parts) = (parts[0], &parts[1..]);
    same("whether all of it is there to be scrolled", &(height > 5000), &true)?;
    let most = parts.iter().max().copied().unwrap_or_default();
    same(&format!("whether no more than what is in view is drawn: {parts:?}"), &(most < 700), &true)?;
    same("whether there is something everywhere", &parts.iter().all(|parts| *parts > 40), &true)?;
    browser.press("End")?;
    let last = chosen(browser)?;
    let is_in_view = browser.evaluate("!!document.querySelector('#ladder .chosen')")?;
    same(&format!("whether the last record, {last}, is drawn"), &is_in_view, &true.into())
}

/// How far down phases begin, by their titles and by the places of their runs.
fn begins_of_phases(browser: &mut Browser) -> Result<BTreeMap<String, BTreeMap<String, i64>>, Failed> {
    let begins = browser.evaluate(
        "(async () => { const found = {}; const box = document.getElementById('ladder'); \
         for (let top = 0; top < box.scrollHeight; top += 250) { box.scrollTop = top; \
           await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); \
           for (const one of box.querySelectorAll('.heading')) { \
             const title = one.querySelector('text').textContent.slice(2); \
             (found[title] ??= {})[one.dataset.column] ??= Number(one.querySelector('rect').getAttribute('y')); } } \
         return found; })()",
    );
    Ok(serde_json::from_value(begins?)?)
}

fn side_by_side(browser: &mut Browser) -> Result<(), Failed> {
    let runs = ["rfc354-by-way-of-user", "rfc438-straight"].map(Replayed::new);
    let file = page("two-runs", &runs.each_ref())?;
    browser.resize(1280, 800)?;
    browser.open(&file, "r=100&run=2")?;
    let begins = begins_of_phases(browser)?;
    // In one of them the user goes to SITE2 when the first transfer is over, in the other before it begins.
    for site in ["SITE1", "SITE2"] {
        for title in
            [format!("ICP: SITE3 reaches the FTP server of {site}"), format!("Login: SITE3 at {site}")]
        {
            let found = begins.get(&title).ok_or_else(|| format!("{title} is there: {begins:?}"))?;
            same(&format!("where {title} begins"), &found.get("0"), &found.get("1"))?;
        }
    }
    let figures = browser.evaluate("document.getElementById('figures').textContent")?;
    let figures = figures.as_str().unwrap_or_default();
    for row in ["messages between hosts", "bits of data", "through whose host data went"] {
        same(&format!("whether the figures have {row}"), &figures.contains(row), &true)?;
    }
    // What stands below the ladders is of the run that was chosen, and says of which.
    let tables = browser.evaluate("document.getElementById('tables-title').textContent")?;
    same("whose tables are shown", &tables, &"Tables of run B at this moment".into())?;
    browser.press("1")?;
    let tables = browser.evaluate("document.getElementById('tables-title').textContent")?;
    same("whose tables are shown then", &tables, &"Tables of run A at this moment".into())?;
    let title = browser.evaluate("document.getElementById('title').textContent.slice(0, 2)")?;
    same("whose title is shown", &title, &"A:".into())?;
    browser.resize(390, 844)?;
    let overlaps = browser.evaluate(
        "(async () => { await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); \
         return [...document.querySelectorAll('#lanes svg')].flatMap((svg) => { \
           const boxes = [...svg.querySelectorAll('.name')].map((name) => name.getBoundingClientRect()); \
           return boxes.filter((box, place) => place > 0 && box.left < boxes[place - 1].right); }).length })()",
    )?;
    same("names of lanes that overprint each other on a telephone", &overlaps, &0.into())?;
    browser.resize(1280, 800)?;
    browser.screenshot(&picture("page-two.png"))
}

fn two_of_three(browser: &mut Browser) -> Result<(), Failed> {
    let runs = ["rfc438-append", "rfc354-by-way-of-user", "rfc478-no-race"].map(Replayed::new);
    let file = page("three-runs", &runs.each_ref())?;
    browser.resize(1280, 900)?;
    browser.open(&file, "r=138")?;
    let sheets = runs.each_ref().map(Replayed::sheet);
    let title = sheets[0].phases[sheets[0].moments[138].phase].kind.title(sheets[0].names());
    let has_it = |sheet: &Sheet<'_>| sheet.phases.iter().any(|one| one.kind.title(sheet.names()) == title);
    same("which runs have that phase", &sheets.each_ref().map(has_it), &[true, false, true])?;
    let begins = begins_of_phases(browser)?;
    let found = begins.get(&title).ok_or_else(|| format!("{title} is there: {begins:?}"))?;
    same(&format!("where {title} begins"), &found.get("0"), &found.get("2"))?;
    let login = begins.get("Login: SITE3 at SITE2").ok_or("all log in")?;
    same("where all three log in", &login.values().collect::<BTreeSet<_>>().len(), &1)?;
    // What stands beside the record that was chosen is marked in each run.
    let marks = browser.evaluate(
        "(async () => { location.hash = 'r=139'; \
         await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))); \
         return [...document.querySelectorAll('#tall svg')].map((svg) => svg.querySelectorAll('.band').length); })()",
    )?;
    same("whether a record of each run is marked in view", &marks, &serde_json::json!([1, 1, 1]))?;
    browser.screenshot(&picture("page-three.png"))
}

fn printed(browser: &mut Browser) -> Result<(), Failed> {
    let run = Replayed::new("rfc438-append");
    let file = page("rfc438-append-printed", &[&run])?;
    browser.resize(1280, 800)?;
    browser.open(&file, "")?;
    let sheets = browser.evaluate(
        "(() => { dispatchEvent(new Event('beforeprint')); const box = document.getElementById('print'); \
         const found = [box.querySelectorAll('.sheet').length, box.textContent.includes('RETR PROG1.PL1'), \
           box.textContent.includes('231 goodbye')]; dispatchEvent(new Event('afterprint')); return found; })()",
    )?;
    let (sheets, begins, ends): (u64, bool, bool) = serde_json::from_value(sheets)?;
    same(
        "whether the ladder is on several sheets, from begin to end",
        &(sheets > 1 && begins && ends),
        &true,
    )?;
    browser.print(&picture("page.pdf"))
}

//! What the operator of a server should know before its first user comes: nothing of it keeps the server from its work, but
//! it will not do what was meant, or others can do more than was meant.

use std::fmt;
use std::path::{Path, PathBuf};

use host::Accounts;

use crate::shell_path::for_shell;
use crate::storage_args::StorageArgs;
use crate::system::words;

/// One thing that the operator should know.
#[derive(Debug)]
pub(crate) enum Concern {
    /// Everything but the greeting is for those who log in, and nobody can.
    NobodyCanLogIn { file: Option<PathBuf> },
    /// Others than the owner can read the hashes, and try passwords on them.
    AccountsRead { file: PathBuf, mode: u32 },
    /// Others than the owner can write accounts into the file.
    AccountsWritten { file: PathBuf, mode: u32 },
    /// Others can put another file in the place of the accounts.
    AccountsReplaced { file: PathBuf, folder: PathBuf },
    /// The directory of a user cannot be written.
    DirectoryNotWritten { directory: PathBuf, why: String },
}

impl fmt::Display for Concern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Concern::NobodyCanLogIn { file: None } => f.write_str(
                "nobody can log in, and files are only for those who do: this host has no accounts; \
                 make some with `account NAME --file FILE`, and give --accounts FILE",
            ),
            Concern::NobodyCanLogIn { file: Some(file) } => write!(
                f,
                "nobody can log in, and files are only for those who do: {0} has no accounts; \
                 `account NAME --file {1}` makes one, and counts when the host is started again",
                file.display(),
                for_shell(file)
            ),
            Concern::AccountsRead { file, mode } => write!(
                f,
                "others on this machine can read {0} (mode {mode:03o}), and try passwords on its hashes \
                 in peace: chmod 600 {1}",
                file.display(),
                for_shell(file)
            ),
            Concern::AccountsWritten { file, mode } => write!(
                f,
                "others on this machine can write into {0} (mode {mode:03o}), and so let in whom they like: \
                 chmod 600 {1}, and look whose accounts are in it",
                file.display(),
                for_shell(file)
            ),
            Concern::AccountsReplaced { file, folder } => write!(
                f,
                "others on this machine can put another file in the place of {}, for they can write into {1}: \
                 chmod go-w {2}, or keep the accounts elsewhere",
                file.display(),
                folder.display(),
                for_shell(folder)
            ),
            Concern::DirectoryNotWritten { directory, why } => write!(
                f,
                "nothing can be written into {0} ({1}): what its user stores is refused with 4xx or 5xx; \
                 chown USER {2}, USER being who runs this, or say --read-only",
                directory.display(),
                why,
                for_shell(directory)
            ),
        }
    }
}

impl StorageArgs {
    /// What is to be told of a server that lets these users in.
    pub(crate) fn concerns(&self, accounts: &Accounts) -> Vec<Concern> {
        let mut concerns = Vec::new();
        if accounts.names().next().is_none() {
            concerns.push(Concern::NobodyCanLogIn { file: self.accounts.clone() });
        }
        if let Some(file) = &self.accounts {
            #[expect(
                clippy::disallowed_methods,
                reason = "what a service is handed, systemd says there alone"
            )]
            let handed = std::env::var_os("CREDENTIALS_DIRECTORY");
            concerns.extend(of_accounts(file, handed.as_deref().map(Path::new)));
        }
        if let (Some(folder), false) = (&self.folder, self.read_only) {
            concerns.extend(accounts.names().filter_map(|name| of_directory(folder, name)));
        }
        concerns
    }
}

/// What others can do with a file of accounts. `handed`: the folder of what systemd hands to a service alone. It lets the
/// service's user read there by a list of rights, whose mask stands in the mode where the rights of a group do.
#[cfg(unix)]
fn of_accounts(file: &Path, handed: Option<&Path>) -> Vec<Concern> {
    use std::os::unix::fs::MetadataExt;
    /// Owner and others.
    const GROUP_AND_OTHERS: u32 = 0o077;
    const WRITE: u32 = 0o022;
    /// Who may write into such a folder may not take away what is another's.
    const STICKY: u32 = 0o1000;
    let Ok(path) = file.canonicalize() else { return Vec::new() };
    if handed.and_then(|folder| folder.canonicalize().ok()).is_some_and(|folder| path.starts_with(folder)) {
        return Vec::new();
    }
    let mode_of = |path: &Path| path.metadata().ok().map(|metadata| metadata.mode() & 0o7777);
    let mut concerns = Vec::new();
    match mode_of(&path) {
        Some(mode) if mode & WRITE != 0 => {
            concerns.push(Concern::AccountsWritten { file: file.to_owned(), mode });
        }
        Some(mode) if mode & GROUP_AND_OTHERS != 0 => {
            concerns.push(Concern::AccountsRead { file: file.to_owned(), mode });
        }
        Some(_) | None => {}
    }
    // Whoever can rename a folder on the way can put another in its place; so can the one who owns a link.
    let links = std::path::absolute(file).ok();
    let above = path.ancestors().skip(1).chain(links.iter().flat_map(|link| link.ancestors().skip(1)));
    let open = above
        .into_iter()
        .find(|folder| mode_of(folder).is_some_and(|mode| mode & WRITE != 0 && mode & STICKY == 0));
    if let Some(folder) = open {
        concerns.push(Concern::AccountsReplaced { file: file.to_owned(), folder: folder.to_owned() });
    }
    concerns
}

/// What others can do with a file of accounts: it cannot be told here.
#[cfg(not(unix))]
fn of_accounts(_: &Path, _: Option<&Path>) -> Vec<Concern> {
    Vec::new()
}

/// Whether the directory of a user is there, and cannot be written. One that is not there is made when it is wanted.
fn of_directory(folder: &Path, name: &str) -> Option<Concern> {
    let [capital, small] = [name.to_owned(), name.to_ascii_lowercase()].map(|name| folder.join(name));
    let directory = [capital, small].into_iter().find(|directory| directory.is_dir())?;
    // Only the system knows: lists of rights, read-only disks. What is made has no name, or loses it at once.
    let why = words(&tempfile::tempfile_in(&directory).err()?);
    Some(Concern::DirectoryNotWritten { directory, why })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use host::live::Hash;

    use super::*;
    use crate::storage_args::DEFAULT_QUOTA;

    fn told(accounts_file: Option<PathBuf>, folder: Option<PathBuf>, names: &[&str]) -> Vec<String> {
        let args = StorageArgs {
            folder,
            read_only: false,
            versions: None,
            quota: DEFAULT_QUOTA,
            file: Vec::new(),
            accounts: accounts_file,
            account: Vec::new(),
        };
        let mut accounts = Accounts::default();
        names.iter().for_each(|name| accounts.add_hashed(name, Hash::of("BLUE")));
        args.concerns(&accounts).iter().map(Concern::to_string).collect()
    }

    #[test]
    fn a_server_into_which_nobody_can_log_in_is_told_with_what_makes_an_account() {
        assert!(told(None, None, &["SMITH"]).is_empty());
        let without = told(None, None, &[]);
        assert!(matches!(&without[..], [one] if one.contains("--accounts FILE")), "{without:?}");
        let empty = told(Some(PathBuf::from("/nowhere/accounts")), None, &[]);
        assert!(
            matches!(&empty[..], [one] if one.contains("account NAME --file /nowhere/accounts")),
            "{empty:?}"
        );
    }

    #[test]
    #[cfg(unix)]
    fn what_others_can_do_with_the_accounts_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("there is room for tests");
        let file = folder.path().join("accounts");
        fs::write(&file, "").expect("it is new");
        let chmod = |path: &Path, mode| {
            fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("it is ours");
        };
        let told = || told(Some(file.clone()), None, &["SMITH"]).join("\n");
        for (mode, expected) in [
            (0o600, ""),
            (0o640, "can read"),
            (0o604, "(mode 604)"),
            (0o620, "can write into"),
            (0o602, "can write into"),
        ] {
            chmod(&file, mode);
            assert!(told().contains(expected) && told().is_empty() == expected.is_empty(), "{}", told());
        }
        chmod(&file, 0o600);
        for (mode, is_told) in [(0o700, false), (0o755, false), (0o770, true), (0o777, true), (0o1777, false)]
        {
            chmod(folder.path(), mode);
            assert_eq!(told().contains("put another file in the place"), is_told, "{mode:o}: {}", told());
        }
    }

    #[test]
    #[cfg(unix)]
    fn of_what_systemd_hands_to_the_service_alone_nothing_is_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().expect("there is room for tests");
        let file = folder.path().join("accounts");
        fs::write(&file, "").expect("it is new");
        fs::set_permissions(&file, fs::Permissions::from_mode(0o440)).expect("it is ours");
        assert!(of_accounts(&file, Some(folder.path())).is_empty(), "an operator would chmod in vain");
        let elsewhere = tempfile::tempdir().expect("there is room for tests");
        assert_eq!(of_accounts(&file, Some(elsewhere.path())).len(), 1);
    }

    #[test]
    #[cfg(unix)]
    fn what_is_to_be_typed_is_for_a_shell() {
        let concern = Concern::AccountsRead { file: PathBuf::from("it's mine"), mode: 0o644 };
        let told = concern.to_string();
        assert!(told.ends_with(r"chmod 600 'it'\''s mine'"), "{told}");
    }

    #[test]
    fn a_directory_that_cannot_be_written_is_told_and_no_trace_is_left_of_looking() {
        let folder = tempfile::tempdir().expect("there is room for tests");
        fs::create_dir(folder.path().join("smith")).expect("it is new");
        let root = Some(folder.path().to_owned());
        assert!(told(None, root, &["SMITH", "JONES"]).is_empty());
        assert_eq!(fs::read_dir(folder.path().join("smith")).map(Iterator::count).ok(), Some(0));
        // No user may make files there, not even the one who may do everything.
        let proc = Path::new("/proc/self");
        if proc.is_dir() {
            let told = told(None, Some(PathBuf::from("/proc")), &["SELF"]);
            assert!(matches!(&told[..], [one] if one.contains("/proc/self")), "{told:?}");
        }
    }
}

use std::collections::BTreeSet;

use super::*;
use crate::campaign::outputs::finish_interrupted;

fn record(time: &str) -> RunRecord {
    RunRecord {
        time: time.to_owned(),
        ..RunRecord::default()
    }
}

/// Stages a run that writes `text` into each file of each folder.
fn staged(folders: &[(&Path, &[&str])], text: &str) -> Outputs {
    let mut outputs = Outputs::default();
    for (folder, names) in folders {
        let place = outputs.folder(folder).unwrap();
        for name in *names {
            let name = Path::new(name);
            outputs.add(place, name, text.as_bytes()).unwrap();
        }
    }
    outputs
}

fn run(folders: &[(&Path, &[&str])], text: &str) -> Placed {
    staged(folders, text).place(Some(&record(text))).unwrap()
}

/// Begins to put a run in place and dies after `moves` of its journals and files, as if killed.
/// Returns how many of these there are.
fn killed_after(moves: usize, folders: &[(&Path, &[&str])], text: &str) -> usize {
    let mut outputs = staged(folders, text);
    let (journals, _) = outputs.plan(Some(&record(text))).unwrap();
    let mut made = 0;
    let mut alive = || {
        made += 1;
        made <= moves
    };
    for (staged, journal) in outputs.folders.iter().zip(&journals).rev() {
        if alive() {
            journal.write(&staged.held.waiting).unwrap();
        }
    }
    for (staged, journal) in outputs.folders.iter().zip(&journals).rev() {
        for step in &journal.steps {
            if alive() {
                let new = staged.held.waiting.join(NEW).join(&step.name);
                let target = staged.held.target.join(&step.name);
                match step.sha256 {
                    Some(_) => fs::rename(new, target).unwrap(),
                    None => fs::remove_file(target).unwrap(),
                }
            }
        }
    }
    // Killed: nothing is cleared away, and the system releases the locks.
    for staged in outputs.folders.drain(..) {
        staged.held.abandon();
    }
    made
}

/// Every file below a folder with its text, without what is hidden and the records.
fn contents(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.unwrap();
        let name = slashed(entry.path().strip_prefix(folder).unwrap());
        let hidden = name.split('/').any(|step| step.starts_with('.'));
        if entry.file_type().is_file() && !hidden && !name.ends_with(RECORD) {
            files.insert(name, fs::read_to_string(entry.path()).unwrap());
        }
    }
    files
}

fn expected(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(name, text): &(&str, &str)| ((*name).to_owned(), (*text).to_owned());
    files.iter().map(owned).collect()
}

/// Names of everything in a folder.
fn names_in(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    entries.map(name).collect()
}

#[test]
fn a_run_replaces_its_own_files_and_leaves_others_alone() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("a/b/out");
    run(&[(&out, &["a", "b/c", "gone"])], "1");
    let all = [("a", "1"), ("b/c", "1"), ("gone", "1")];
    assert_eq!(contents(&out), expected(&all));
    fs::write(out.join("ghi-chu.txt"), "của tôi").unwrap();
    let placed = run(&[(&out, &["a"])], "2");
    let all = [("a", "2"), ("ghi-chu.txt", "của tôi")];
    assert_eq!(contents(&out), expected(&all));
    assert_eq!(placed.removed, [out.join("b/c"), out.join("gone")]);
    let left = BTreeSet::from(["a", "ghi-chu.txt", RECORD].map(str::to_owned));
    assert_eq!(names_in(&out), left);
}

#[test]
fn what_somebody_changed_since_is_not_removed() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    run(&[(out, &["a", "b"])], "1");
    fs::write(out.join("b"), "đã ghi thêm").unwrap();
    let placed = run(&[(out, &["a"])], "2");
    let all = [("a", "2"), ("b", "đã ghi thêm")];
    assert_eq!(contents(out), expected(&all));
    assert_eq!((placed.removed, placed.left), (vec![], vec![out.join("b")]));
}

#[test]
fn a_run_that_looked_at_less_leaves_the_rest_as_it_is() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    run(&[(out, &["a", "b", "c"])], "1");
    let mut outputs = staged(&[(out, &["a"])], "2");
    outputs.spare(OutputFolder(0), |name| name != "c");
    let placed = outputs.place(Some(&record("2"))).unwrap();
    assert_eq!(placed.removed, [out.join("b")]);
    assert_eq!(contents(out), expected(&[("a", "2"), ("c", "1")]));
    // A run that looks at everything again still knows of it.
    let placed = run(&[(out, &["a"])], "3");
    assert_eq!(placed.removed, [out.join("c")]);
}

#[test]
fn a_record_that_names_files_outside_its_folder_removes_nothing_there() {
    let root = tempfile::tempdir().unwrap();
    let (out, stranger) = (root.path().join("out"), root.path().join("stranger"));
    run(&[(&out, &["a"])], "1");
    fs::write(&stranger, "x").unwrap();
    let mut forged = RunRecord::read(&out).unwrap();
    forged.outputs.insert("../stranger".into(), sha256(b"x"));
    let absolute = stranger.to_str().unwrap().to_owned();
    forged.outputs.insert(absolute, sha256(b"x"));
    fs::write(out.join(RECORD), serde_json::to_vec(&forged).unwrap()).unwrap();
    run(&[(&out, &["a"])], "2");
    assert!(stranger.exists());
}

#[test]
fn what_a_killed_run_left_is_finished_or_was_never_begun() {
    let mut moves = 0;
    loop {
        let root = tempfile::tempdir().unwrap();
        let (out, copies) = (root.path().join("out"), root.path().join("tra-ve"));
        run(&[(&out, &["a", "b", "c"]), (&copies, &["x", "y"])], "1");
        fs::write(out.join("ghi-chu.txt"), "").unwrap();
        let wanted: [(&Path, &[&str]); 2] = [(&out, &["a", "b", "c"]), (&copies, &["x"])];
        let all = killed_after(moves, &wanted, "2");
        assert_eq!(all, 2 + 4 + 3);
        // Whoever comes next, to either folder, finishes both.
        let at = match moves % 2 {
            0 => &out,
            _ => &copies,
        };
        finish_interrupted(at).unwrap();
        // Committed by the second journal, that of the first folder.
        let text = if moves < 2 { "1" } else { "2" };
        let files = [("a", text), ("b", text), ("c", text), ("ghi-chu.txt", "")];
        assert_eq!(contents(&out), expected(&files), "after {moves}");
        let files = [("x", text), ("y", text)];
        let files = &files[..if moves < 2 { 2 } else { 1 }];
        assert_eq!(contents(&copies), expected(files), "after {moves}");
        assert_eq!(RunRecord::read(&out).unwrap().time, text);
        assert_eq!(RunRecord::read(&copies).unwrap().time, text);
        // The next run finds nothing in its way and leaves nothing behind.
        run(&wanted, "3");
        assert_eq!(names_in(&out).len(), 5, "{:?}", names_in(&out));
        assert_eq!(names_in(&copies).len(), 2, "{:?}", names_in(&copies));
        if moves == all {
            break;
        }
        moves += 1;
    }
}

#[test]
fn damaged_files_are_never_put_in_place() {
    for moves in 1..=4 {
        let root = tempfile::tempdir().unwrap();
        let out = root.path();
        run(&[(out, &["a", "b"])], "1");
        // Old files are kept aside by the real moves only.
        let mut outputs = staged(&[(out, &["a", "b"])], "2");
        let (journals, _) = outputs.plan(Some(&record("2"))).unwrap();
        let part = FolderPart {
            held: &outputs.folders[0].held,
            shown: out,
            journal: journals[0].clone(),
        };
        part.journal.write(&part.held.waiting).unwrap();
        let mut begun = part.journal.clone();
        begun.steps.truncate(moves - 1);
        let begun = FolderPart {
            journal: begun,
            ..part
        };
        begun.moves().forward().unwrap();
        let waiting = outputs.folders[0].held.waiting.clone();
        outputs.folders.remove(0).held.abandon();
        // As after a power cut: the journal is there, and not all that it names.
        let last = waiting.join(NEW).join(RECORD);
        if last.exists() {
            fs::write(&last, "").unwrap();
        }
        finish_interrupted(out).unwrap();
        let text = if moves == 4 { "2" } else { "1" };
        let files = [("a", text), ("b", text)];
        assert_eq!(contents(out), expected(&files), "after {moves}");
        assert_eq!(RunRecord::read(out).unwrap().time, text);
    }
}

#[test]
fn a_forged_journal_moves_nothing_outside_its_folder() {
    let root = tempfile::tempdir().unwrap();
    let (out, victim) = (root.path().join("out"), root.path().join("victim"));
    fs::create_dir_all(out.join(".tonghop/moi")).unwrap();
    fs::write(&victim, "của tôi").unwrap();
    let journal = Journal {
        steps: vec![JournalStep {
            name: "../victim".into(),
            sha256: None,
        }],
        ..Journal::default()
    };
    journal.write(&out.join(".tonghop")).unwrap();
    run(&[(&out, &["a"])], "1");
    assert!(victim.exists());
    assert_eq!(contents(&out), expected(&[("a", "1")]));
}

#[test]
fn if_one_file_cannot_be_replaced_none_is() {
    let root = tempfile::tempdir().unwrap();
    let (out, copies) = (root.path().join("out"), root.path().join("tra-ve"));
    let wanted: [(&Path, &[&str]); 2] = [(&out, &["a", "b", "c"]), (&copies, &["x"])];
    run(&wanted, "1");
    let old = expected(&[("a", "1"), ("b", "1"), ("c", "1")]);
    // Found before anything is moved.
    let read_only = |yes: bool| {
        let mut permissions = fs::metadata(out.join("b")).unwrap().permissions();
        permissions.set_readonly(yes);
        fs::set_permissions(out.join("b"), permissions).unwrap();
    };
    read_only(true);
    let outputs = staged(&wanted, "2");
    let error = outputs.place(Some(&record("2"))).unwrap_err().message();
    assert!(error.vi.contains("out/b"), "{}", error.vi);
    assert!(error.vi.contains("đang mở trong Excel? hãy đóng lại"));
    assert_eq!(contents(&out), old);
    read_only(false);
    // In the way only once the moves have begun.
    let mut outputs = staged(&wanted, "2");
    let (journals, _) = outputs.plan(Some(&record("2"))).unwrap();
    fs::remove_file(out.join("b")).unwrap();
    fs::create_dir_all(out.join("b/in-the-way")).unwrap();
    let parts = outputs.folders.iter().zip(journals);
    let parts: Vec<FolderPart<'_>> = parts
        .map(|(staged, journal)| FolderPart {
            held: &staged.held,
            shown: &staged.shown,
            journal,
        })
        .collect();
    let error = commit(&parts).unwrap_err().message();
    assert!(error.vi.contains("out/b"), "{}", error.vi);
    drop(parts);
    drop(outputs);
    fs::remove_dir_all(out.join("b")).unwrap();
    assert_eq!(contents(&out), expected(&[("a", "1"), ("c", "1")]));
    assert_eq!(contents(&copies), expected(&[("x", "1")]));
    assert_eq!(names_in(&copies).len(), 2);
}

#[test]
fn a_note_says_that_files_are_replaced_only_while_they_are() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    run(&[(out, &["a", "b"])], "1");
    let note = out.join("DANG-GHI-KET-QUA.txt");
    // Left by a run that was killed before it could write into it.
    fs::write(&note, "").unwrap();
    finish_interrupted(out).unwrap();
    assert!(!note.exists());
    // Where people cannot be warned, nothing is replaced.
    fs::create_dir_all(note.join("x")).unwrap();
    let outputs = staged(&[(out, &["a", "b"])], "2");
    let error = outputs.place(Some(&record("2"))).unwrap_err().message();
    assert!(error.vi.contains("DANG-GHI-KET-QUA.txt"), "{}", error.vi);
    assert_eq!(contents(out), expected(&[("a", "1"), ("b", "1")]));
    assert!(!out.join(".tonghop").exists());
}

#[test]
fn what_the_user_keeps_under_our_name_is_not_touched() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    let waiting = out.join(".tonghop");
    fs::write(&waiting, "của tôi").unwrap();
    let error = Outputs::default().folder(out).unwrap_err().message();
    assert!(error.vi.contains("hãy đổi tên"), "{}", error.vi);
    assert_eq!(fs::read_to_string(&waiting).unwrap(), "của tôi");
    fs::remove_file(&waiting).unwrap();
    fs::create_dir_all(waiting.join("moi")).unwrap();
    fs::write(waiting.join("moi/x"), "dở dang").unwrap();
    fs::write(waiting.join("ghi-chu.txt"), "của tôi").unwrap();
    run(&[(out, &["a"])], "1");
    assert_eq!(names_in(&waiting), ["ghi-chu.txt".to_owned()].into());
}

/// As a file system without capitals has it: both names lead to one file.
#[cfg(unix)]
#[test]
fn a_file_written_again_under_another_spelling_is_not_removed() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    run(&[(out, &["Xã A.xlsx"])], "1");
    fs::rename(out.join("Xã A.xlsx"), out.join("xã a.xlsx")).unwrap();
    std::os::unix::fs::symlink("xã a.xlsx", out.join("Xã A.xlsx")).unwrap();
    let placed = run(&[(out, &["xã a.xlsx"])], "2");
    assert_eq!((placed.removed, placed.left), (vec![], vec![]));
    // Two files are two where the system distinguishes their names.
    let decomposed = "Xa\u{303} B.xlsx";
    run(&[(out, &[decomposed])], "3");
    let placed = run(&[(out, &["Xã B.xlsx"])], "4");
    assert_eq!(placed.removed, [out.join(decomposed)]);
    assert!(out.join("Xã B.xlsx").is_file());
}

/// Somebody copies a folder in which a run was interrupted: what is done with the copy changes
/// nothing in the folders of that run.
#[test]
fn a_copy_of_an_interrupted_folder_leads_no_other() {
    let root = tempfile::tempdir().unwrap();
    let (out, copies) = (root.path().join("out"), root.path().join("tra-ve"));
    let wanted: [(&Path, &[&str]); 2] = [(&out, &["a"]), (&copies, &["x"])];
    run(&wanted, "1");
    killed_after(2, &wanted, "2");
    let elsewhere = root.path().join("ban-sao");
    for entry in walkdir::WalkDir::new(&out) {
        let entry = entry.unwrap();
        let to = elsewhere.join(entry.path().strip_prefix(&out).unwrap());
        match entry.file_type().is_dir() {
            true => fs::create_dir_all(to).unwrap(),
            false => fs::copy(entry.path(), to).map(|_| ()).unwrap(),
        }
    }
    finish_interrupted(&elsewhere).unwrap();
    assert_eq!(contents(&copies), expected(&[("x", "1")]));
    finish_interrupted(&out).unwrap();
    assert_eq!(contents(&out), expected(&[("a", "2")]));
    assert_eq!(contents(&copies), expected(&[("x", "2")]));
}

#[test]
fn two_runs_do_not_write_into_one_folder_at_a_time() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path();
    let first = staged(&[(out, &["a"])], "1");
    let error = Outputs::default().folder(out).unwrap_err().message().vi;
    assert!(error.contains("một lần chạy tonghop khác"), "{error}");
    first.place(Some(&record("1"))).unwrap();
    run(&[(out, &["a"])], "2");
    assert_eq!(contents(out), expected(&[("a", "2")]));
}

#[test]
fn a_folder_within_another_is_put_in_place_with_it() {
    let root = tempfile::tempdir().unwrap();
    let (out, copies) = (root.path().join("out"), root.path().join("out/tra-ve"));
    run(&[(&out, &["a"]), (&copies, &["x", "y"])], "1");
    run(&[(&out, &["a"]), (&copies, &["x"])], "2");
    assert_eq!(contents(&out), expected(&[("a", "2"), ("tra-ve/x", "2")]));
    // Copies are left as they are by a run that makes none.
    run(&[(&out, &["a"])], "3");
    assert_eq!(contents(&out), expected(&[("a", "3"), ("tra-ve/x", "2")]));
}

#[test]
fn files_of_the_users_folder_are_not_touched() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("x.csv"), "cũ").unwrap();
    fs::write(root.path().join("y.csv"), "của tôi").unwrap();
    let mut outputs = Outputs::default();
    let place = outputs.among(root.path()).unwrap();
    outputs.add(place, Path::new("x.csv"), b"1").unwrap();
    outputs.place(Some(&record("1"))).unwrap();
    let all = [("x.csv", "1"), ("y.csv", "của tôi")];
    assert_eq!(contents(root.path()), expected(&all));
    assert_eq!(names_in(root.path()).len(), 2);
}

#[test]
fn a_run_that_writes_nothing_leaves_no_folder_behind() {
    let root = tempfile::tempdir().unwrap();
    let out = root.path().join("out");
    drop(staged(&[(&out, &["a"])], "1"));
    assert!(!out.exists());
}

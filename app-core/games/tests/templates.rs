//! The loader: what ships is without fault, and everything that is wrong is said at once, where it is.

use reme_games::{Bundle, Severity, TemplateFiles, builtin_slugs};

fn files(slug: &str) -> TemplateFiles {
    Bundle::builtin_files(slug).expect(slug)
}

fn faults(files: &TemplateFiles, folder: &str) -> Vec<String> {
    Bundle::load(files, Some(folder)).1.iter().map(ToString::to_string).collect()
}

#[test]
fn what_ships_has_no_fault_and_no_warning() {
    for slug in builtin_slugs() {
        assert_eq!(faults(&files(slug), slug), Vec::<String>::new());
        assert!(Bundle::builtin(slug).is_some(), "{slug}");
    }
}

#[test]
fn ten_faults_give_ten_diagnostics_each_at_its_place() {
    let files: TemplateFiles = [
        ("README.md", include_str!("ten-faults/README.md")),
        ("template.toml", include_str!("ten-faults/template.toml")),
        ("strings/en.ftl", include_str!("ten-faults/strings/en.ftl")),
        ("strings/zh-CN.ftl", include_str!("ten-faults/strings/zh-CN.ftl")),
    ]
    .into_iter()
    .map(|(path, text)| (path.to_owned(), text.as_bytes().to_vec()))
    .collect();
    let (bundle, found) = Bundle::load(&files, Some("ten-faults"));
    assert!(bundle.is_none());
    assert!(found.iter().all(|diagnostic| diagnostic.severity == Severity::Error && !diagnostic.fix.is_empty()));
    let list: Vec<String> = found.iter().map(ToString::to_string).collect();
    println!("{}", list.join("\n"));
    assert_eq!(list.len(), 10);
}

//! The loader: what ships is without fault, and everything that is wrong is said at once, where it is.

use reme_games::{
    Bundle, Player, Severity, Strings, TemplateFiles, TrialKind, builtin_slugs, session_strings, simulate,
    template_schema,
};

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
    assert_eq!(
        list,
        [
            "strings/en.ftl:4:8: error: open: there is HTML in this line. Write plain words; the screen does the drawing.",
            "strings/en.ftl:13:42: error: colour-right: there is no placeholder `$inc` in this message. Did you mean `ink`?",
            "strings/zh-CN.ftl:25:1: error: colour-answer: the message `colour-answer` is missing in zh-CN. \
             Add `colour-answer = …`.",
            "template.toml:4:11: error: version: `1.0` is not a version. Write three numbers, such as \"1.0.0\".",
            "template.toml:7:10: error: domain: `flexibilty` is not known here. Did you mean `flexibility`?",
            "template.toml:33:11: error: parameters.fixation_ms.default: the default 5000 lies outside 0 to 3000. \
             Choose a default between `min` and `max`.",
            "template.toml:53:6: error: blocks[1].id: a block called `try-out` is there already. \
             Give each block a name of its own.",
            "template.toml:63:24: error: levels[1].set.incongruentt: the parameter `incongruentt` is not declared. \
             Did you mean `incongruent`?",
            "template.toml:70:9: error: levels[3].level: level 5 stands where level 4 should. \
             Write `level = 4`; levels count up from 1 without gaps.",
            "template.toml:78:1: error: stop.max_errors: there is no field `max_errors` here. \
             Use one of `errors_in_a_row`, `max_minutes`.",
        ]
    );
}

/// What ships, with one thing changed, and the one fault that brings: file, what is searched for, what is put there.
#[test]
fn each_fault_is_named_with_its_place_and_its_cure() {
    const ARITHMETIC: &str = "mental-arithmetic";
    const RECALL: &str = "life-recall";
    for (slug, file, from, to, fault) in [
        (ARITHMETIC, "template.toml", "format = 1", "format = 2", "template.toml:2:10: error: format: this version"),
        (
            ARITHMETIC,
            "template.toml",
            "minutes = 6",
            "minutes = \"six\"",
            "template.toml:8:11: error: minutes: this is not of type integer",
        ),
        (ARITHMETIC, "template.toml", "minutes = 6", "minutes = 60", "minutes: 60 is too large. Use 30 or less."),
        (
            ARITHMETIC,
            "template.toml",
            "minutes = 6\n",
            "",
            "template.toml:1:1: error: minutes: the field is missing. Add `minutes = …`.",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "id = \"mental-arithmetic\"",
            "id = \"Mental Sums\"",
            "id: `Mental Sums` is not a name",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "id = \"mental-arithmetic\"",
            "id = \"sums\"",
            "the game is called `sums`, its folder `mental-arithmetic`",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "trial = \"shopping-sum\"",
            "trial = \"shoping-sum\"",
            "blocks[1].trial: `shoping-sum` is not known here. Did you mean `shopping-sum`?",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "repeat = \"sums\"",
            "repeat = \"sum\"",
            "blocks[1].repeat: the parameter `sum` is not declared. Did you mean `sums`?",
        ),
        (ARITHMETIC, "template.toml", "practice = true\n", "", "blocks[0]: the first block is no practice"),
        (
            ARITHMETIC,
            "template.toml",
            "instruction = \"try-out\"\n",
            "",
            "blocks[0].instruction: the task is not explained",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "[parameters.runs]",
            "[parameters.rounds]",
            "the parameter `runs` is not declared",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "price_max = 15",
            "price_max = 150",
            "levels[5].set.price_max: 150 lies outside 5 to 50",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "min = 10\nmax = 990",
            "min = 999\nmax = 990",
            "parameters.start_min.min: the lowest value 999 is above the highest 990",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "[outputs.total]\ntype = \"integer\"",
            "[outputs.total]\ntype = \"word\"",
            "outputs.total.type: trials write `total` as \"integer\"",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "[outputs.step]",
            "[outputs.stepp]",
            "outputs.step: trials write `step`, which is not declared",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "max_minutes = 10",
            "max_minutes = 5",
            "it usually takes 6 minutes and is stopped after 5",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "doc = \"Goods in the sum.\"",
            "doc = \"<i>Goods</i>\"",
            "outputs.items.doc: there is HTML in this text",
        ),
        (
            ARITHMETIC,
            "template.toml",
            "version = \"1.0.0\"",
            "version = 1.0.0",
            "template.toml:4:14: error: this is not TOML",
        ),
        (
            RECALL,
            "template.toml",
            "rungs = [1, 2, 3, 4, 5, 6, 7]",
            "rungs = [1, 2, 3]",
            "cues.rungs: the ladder leaves the patient without the answer",
        ),
        (
            RECALL,
            "template.toml",
            "rungs = [1, 2, 3, 4, 5, 6, 7]",
            "rungs = [2, 1, 7]",
            "cues.rungs[1]: 1 does not come after 2",
        ),
        (
            RECALL,
            "template.toml",
            "memories = 1\nmin_age",
            "memories = 0\nmin_age",
            "needs.memories: the game talks about memories and asks for none",
        ),
        (RECALL, "strings/en.ftl", "tell = I can", "tell I can", "strings/en.ftl:"),
        (
            RECALL,
            "strings/en.ftl",
            "tell = I can tell you: { $answer }.",
            "tell = I can tell you.",
            "tell: the message says nothing without `$answer`",
        ),
        (RECALL, "strings/zh-CN.ftl", "muse = ", "tell = ", "tell: a message of this name is there already"),
        (
            RECALL,
            "strings/en.ftl",
            "thanks = Thank",
            "session-help = Thank",
            "session-help: names beginning with `session-` are kept",
        ),
        (
            RECALL,
            "strings/en.ftl",
            "forgot-2 = Never mind.",
            "forgot-2 = That was wrong.",
            "warning: forgot-2: the word `wrong` blames",
        ),
        (
            RECALL,
            "strings/zh-CN.ftl",
            "thanks = 谢谢您",
            "thanks = 谢谢你",
            "warning: thanks: an elder is addressed as 你. Write 您.",
        ),
        (
            RECALL,
            "strings/en.ftl",
            "go-on = ",
            "goon = ",
            "warning: goon: nothing says this message. Did you mean `go-on`?",
        ),
        (
            RECALL,
            "fixtures/memory.en.json",
            "\"place\": \"Heron Lake\",",
            "\"place\": \"Heron Lake\"",
            "fixtures/memory.en.json:5:3: error: the made-up memory cannot be read",
        ),
        (
            RECALL,
            "fixtures/memory.en.json",
            "\"photo\": null",
            "\"photo\": \"0000000000000000000000000000000000000000000000000000000000000000\"",
            "photo: a made-up memory has no photo",
        ),
        (
            RECALL,
            "fixtures/memory.en.json",
            "What did a stranger lend you?",
            "Who lent you an umbrella?",
            "facts[4].question: the question is empty, or gives",
        ),
    ] {
        let mut files = files(slug);
        let text = String::from_utf8(files[file].clone()).expect("UTF-8");
        assert!(text.contains(from), "{from} is not in {file}");
        files.insert(file.to_owned(), text.replacen(from, to, 1).into_bytes());
        let found = faults(&files, slug);
        assert!(found.iter().any(|line| line.contains(fault)), "{fault}\n is not among\n{}", found.join("\n"));
        let is_error = found.iter().any(|line| line.contains("error:"));
        assert_eq!(Bundle::load(&files, Some(slug)).0.is_none(), is_error, "{fault}");
    }
}

#[test]
fn files_that_are_missing_no_text_or_code_are_named() {
    let mut broken = files("life-recall");
    broken.remove("strings/en.ftl");
    broken.remove("README.md");
    broken.insert("strings/zh-CN.ftl".into(), b"title = \xff".to_vec());
    broken.insert("play.js".into(), Vec::new());
    broken.insert("fixtures/example.en.json".into(), Vec::new());
    let found = faults(&broken, "life-recall");
    for fault in [
        "README.md:0:0: warning: the file is missing",
        "fixtures/example.en.json:1:1: error: the made-up memory cannot be read",
        "play.js:0:0: error: a template holds no code",
        "strings/en.ftl:0:0: error: the file is missing",
        "strings/zh-CN.ftl:1:9: error: the file is not UTF-8 text",
    ] {
        assert!(found.iter().any(|line| line.starts_with(fault)), "{fault}\n is not among\n{}", found.join("\n"));
    }
    assert!(faults(&TemplateFiles::new(), "x").iter().any(|line| line.starts_with("template.toml:0:0: error")));
}

#[test]
fn no_template_makes_the_loader_fall() {
    for text in [
        "",
        "[",
        "= = =",
        "format",
        "blocks = 3\nlevels = \"x\"\nparameters = []\n",
        "[[blocks]]\n[[levels]]\n\u{feff}",
        "id = 1979-05-27",
    ] {
        let files: TemplateFiles = [("template.toml".to_owned(), text.as_bytes().to_vec())].into();
        let (bundle, found) = Bundle::load(&files, None);
        assert!(bundle.is_none() && !found.is_empty(), "{text}");
    }
}

#[test]
fn the_schema_names_every_field_with_what_it_is_for() {
    let schema = template_schema();
    let fields = schema["properties"].as_object().expect("fields");
    for (name, field) in fields {
        let described = field.get("description").or_else(|| field.get("$ref"));
        assert!(described.is_some(), "{name} is not described");
    }
    assert!(fields.contains_key("citations"));
    assert_eq!(schema["additionalProperties"], false);
}

#[test]
fn the_guide_names_every_message_parameter_output_and_domain() {
    let guide = include_str!("../../../../docs/games.md");
    let names = |name: &str| guide.contains(&format!("`{name}`"));
    // `forgot-1`, `-2`, `-3`: the guide names the first of a row and how far it goes.
    let in_a_row = |name: &str| {
        let (base, number) = name.rsplit_once('-').unwrap_or((name, ""));
        number.parse::<u8>().is_ok() && names(&format!("{base}-1"))
    };
    for kind in TrialKind::ALL {
        assert!(guide.contains(&format!("### `{}`", kind.slug())), "{}", kind.slug());
        for (message, placeholders) in kind.messages() {
            assert!(names(message) || in_a_row(message), "{message}");
            assert!(placeholders.iter().all(|placeholder| names(placeholder)), "{message}");
        }
        assert!(kind.parameters().iter().all(|parameter| names(parameter)), "{}", kind.slug());
        assert!(kind.outputs().iter().all(|(output, _)| names(output)), "{}", kind.slug());
    }
    assert!(reme_types::Domain::ALL.iter().all(|domain| guide.contains(domain.slug())));
}

#[test]
fn the_shared_lines_are_there_in_both_languages_with_their_placeholders() {
    for language in reme_types::Language::ALL {
        let strings = Strings::new(language, session_strings(language)).expect("Fluent");
        for (message, placeholder) in [
            ("session-open", Some("name")),
            ("session-next", Some("game")),
            ("session-close", None),
            ("session-stopped", None),
            ("session-distress", None),
            ("session-help", None),
            ("session-nudge", None),
        ] {
            let args = placeholder.map(|name| (name.to_owned(), "Ada".into())).into_iter().collect();
            let line = strings.render(message, &args).expect(message);
            assert_eq!(line.contains("Ada"), placeholder.is_some(), "{line}");
        }
    }
}

#[test]
fn a_level_without_any_words_ends_rather_than_leaving_nothing_to_answer() {
    let mut files = files("colour-words");
    let text = String::from_utf8(files["template.toml"].clone()).expect("UTF-8");
    let empty = "level = 1\nset = { congruent = 0, incongruent = 0, neutral = 0 }";
    let text = text.replacen("level = 1\nset = { congruent = 8, incongruent = 2, neutral = 8 }", empty, 1);
    files.insert("template.toml".into(), text.into_bytes());
    let bundle = Bundle::load(&files, Some("colour-words")).0.expect("usable");
    let report = simulate(&bundle, reme_types::Language::En, Player::Perfect, 1, 7);
    assert!(report.summary.is_some_and(|summary| summary.trials == 0));
}

//! No circle of imports between modules, in Rust and in TypeScript.
//!
//! The test reads the imports. In Rust, a module imports another one by a `use` or by a path in its code. A re-export is
//! followed to the module that defines the item, so a parent that only re-exports its children imports none of them.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::arithmetic_side_effects, reason = "a test")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The text of each file, by its path below the folder of sources, without the extension.
type Sources = BTreeMap<String, String>;
/// The modules that each module imports.
type Graph = BTreeMap<String, BTreeSet<String>>;

#[test]
fn the_client_core_has_no_circle() {
    assert_eq!(circles(&rust_graph(&sources("src", &["rs"]))), [""; 0]);
}

#[test]
fn the_emulator_has_no_circle() {
    assert_eq!(circles(&rust_graph(&sources("emulator/src", &["rs"]))), [""; 0]);
}

#[test]
fn the_facade_has_no_circle() {
    assert_eq!(circles(&script_graph(&sources("pkg-template/src", &["ts", "js"]))), [""; 0]);
}

#[test]
fn the_command_line_has_no_circle() {
    assert_eq!(circles(&script_graph(&sources("cli/src", &["ts", "js", "mjs"]))), [""; 0]);
}

#[test]
fn a_circle_of_rust_modules_is_found() {
    let graph = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        circles(&rust_graph(&files.collect()))
    };
    let lib = ("lib", "mod a;\nmod b;\nmod c;\n");
    assert_eq!(graph(&[lib, ("a", "use crate::b::B;"), ("b", "use crate::c;"), ("c", "")]), [""; 0]);
    assert_eq!(graph(&[lib, ("a", "use crate::b::B;"), ("b", "use crate::c;"), ("c", "use super::a;")]), ["a b c"]);
    assert_eq!(graph(&[lib, ("a", "fn f() { crate::b::g() }"), ("b", "use crate::{c, a::f};"), ("c", "")]), ["a b"]);
    assert_eq!(graph(&[lib, ("a", "// use crate::b;"), ("b", "use crate::a;"), ("c", "")]), [""; 0]);
    assert_eq!(
        graph(&[lib, ("a", "#[cfg(test)]\nmod tests {\n use crate::b; }"), ("b", "use crate::a;"), ("c", "")]),
        [""; 0]
    );
    assert_eq!(graph(&[lib, ("a", "use crate::b::B;"), ("b", "pub(in crate::a) fn f() {}"), ("c", "")]), [""; 0]);
    // A parent that only re-exports its child is no circle, and one that calls it is.
    let child = ("a/d", "use super::T;");
    assert_eq!(graph(&[lib, ("a", "mod d;\npub use d::{f, g};"), child, ("b", ""), ("c", "")]), [""; 0]);
    assert_eq!(graph(&[lib, ("a", "mod d;\nfn h() { d::f() }"), child, ("b", ""), ("c", "")]), ["a a::d"]);
    assert_eq!(graph(&[lib, ("a/mod", "mod d;\nuse d::f;"), child, ("b", ""), ("c", "")]), ["a a::d"]);
    // A re-export leads to the module of the item.
    let user = ("b", "use crate::a::f;");
    assert_eq!(graph(&[lib, ("a", "mod d;\npub use d::f;"), ("a/d", "use crate::b;"), user, ("c", "")]), ["a::d b"]);
}

#[test]
fn a_circle_of_scripts_is_found() {
    let graph = |files: &[(&str, &str)]| {
        let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned()));
        circles(&script_graph(&files.collect()))
    };
    let index = ("index", "export * from './a.js';\nimport fs from 'node:fs';");
    assert_eq!(
        graph(&[index, ("a", "import { b } from './b/c.js';"), ("b/c", "import type { T } from '../d.js'")]),
        [""; 0]
    );
    assert_eq!(
        graph(&[index, ("a", "import { b } from './b/c.js';"), ("b/c", "import x from \"../a.js\"")]),
        ["a b/c"]
    );
    assert_eq!(graph(&[index, ("a", "await import('./index.js')")]), ["a index"]);
}

/// Reads the source files below a folder of the repository.
fn sources(folder: &str, extensions: &[&str]) -> Sources {
    fn read(folder: &Path, below: &str, extensions: &[&str], sources: &mut Sources) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_stem().unwrap().to_str().unwrap();
            if path.is_dir() {
                read(&path, &format!("{below}{name}/"), extensions, sources);
            } else if path.extension().is_some_and(|found| extensions.iter().any(|extension| *extension == found)) {
                sources.insert(format!("{below}{name}"), fs::read_to_string(&path).unwrap());
            }
        }
    }
    let mut found = Sources::new();
    read(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), "", extensions, &mut found);
    assert!(found.len() > 5, "{folder} has {} source files", found.len());
    found
}

/// Reads the imports of a Rust crate's modules, except those of its tests.
fn rust_graph(sources: &Sources) -> Graph {
    let modules: BTreeMap<String, String> =
        sources.iter().map(|(file, text)| (module_of(file), without_tests(&without_comments(text)))).collect();
    let is_test = |module: &str| module.split("::").any(|part| part == "tests") || is_test_only(module, sources);
    let modules: BTreeMap<&str, &str> = modules
        .iter()
        .map(|(module, text)| (module.as_str(), text.as_str()))
        .filter(|(module, _)| !is_test(module))
        .collect();

    // The module that a path names, with the name of the item in it.
    let resolve = |from: &str, path: &str| -> Option<(String, String)> {
        let mut parts = path.split("::").peekable();
        let mut module = match *parts.peek()? {
            "crate" | "self" | "super" => from.to_owned(),
            child if modules.contains_key(join(from, child).as_str()) => from.to_owned(),
            _ => return None,
        };
        while let Some(part) = parts.peek() {
            module = match *part {
                "crate" => String::new(),
                "self" => module,
                "super" => parent_of(&module),
                child if modules.contains_key(join(&module, child).as_str()) => join(&module, child),
                item => return Some((module, item.to_owned())),
            };
            parts.next();
        }
        Some((module, String::new()))
    };

    let mut reexports: BTreeMap<(String, String), String> = BTreeMap::new();
    let mut imports: Vec<(String, String, String)> = Vec::new();
    for (module, text) in &modules {
        for path in paths(text) {
            let Some((target, item)) = resolve(module, &path.text) else { continue };
            let is_child = !target.is_empty() && parent_of(&target) == *module;
            if path.is_reexport && (is_child || module.is_empty()) {
                reexports.insert(((*module).to_owned(), path.alias.clone().unwrap_or(item)), target);
            } else {
                imports.push(((*module).to_owned(), target, item));
            }
        }
    }
    let mut graph = Graph::new();
    for (from, mut target, item) in imports {
        while let Some(next) = reexports.get(&(target.clone(), item.clone())) {
            target.clone_from(next);
        }
        if target != from {
            graph.entry(from).or_default().insert(target);
        }
    }
    graph
}

/// A path in the code of a module.
struct ImportPath {
    text: String,
    /// The name after `as`.
    alias: Option<String>,
    is_reexport: bool,
}

/// Finds the paths in a text: those of each `use`, which begins a line, and all others that have a `::`.
fn paths(text: &str) -> Vec<ImportPath> {
    let mut found = Vec::new();
    let mut lines = text.lines().map(str::trim);
    while let Some(line) = lines.next() {
        let is_reexport = line.starts_with("pub");
        let statement = match line.strip_prefix("pub") {
            Some(rest) if rest.starts_with('(') => rest.split_once(')').unwrap_or_default().1.trim(),
            Some(rest) => rest.trim(),
            None => line,
        };
        if let Some(start) = statement.strip_prefix("use ") {
            let mut tree = start.to_owned();
            while !tree.ends_with(';') {
                tree.push_str(lines.next().unwrap_or(";"));
            }
            tree_paths("", tree.trim_end_matches(';'), is_reexport, &mut found);
            continue;
        }
        let is_path = |character: char| character.is_alphanumeric() || character == '_' || character == ':';
        for word in line.split(|character| !is_path(character)).filter(|word| word.contains("::")) {
            let text = word.trim_matches(':').to_owned();
            found.push(ImportPath { text, alias: None, is_reexport: false });
        }
    }
    found
}

/// Adds the paths of a `use` tree such as `a::{b, c::{self, d as e}}`.
fn tree_paths(start: &str, tree: &str, is_reexport: bool, found: &mut Vec<ImportPath>) {
    let tree = tree.trim();
    if let Some((head, rest)) = tree.split_once('{') {
        let (mut depth, mut from) = (0_u32, 0);
        let rest = rest.trim_end().strip_suffix('}').unwrap_or(rest);
        let head = format!("{start}{}", head.trim());
        for (at, character) in rest.char_indices().chain([(rest.len(), ',')]) {
            match character {
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    let part = rest.get(from..at).unwrap().trim();
                    if !part.is_empty() {
                        tree_paths(&head, part, is_reexport, found);
                    }
                    from = at + 1;
                }
                _ => {}
            }
        }
        return;
    }
    let (path, alias) =
        tree.split_once(" as ").map_or((tree, None), |(path, alias)| (path, Some(alias.trim().to_owned())));
    let text = format!("{start}{}", path.trim());
    let text = text.trim_end_matches("::self").trim_end_matches("::*").to_owned();
    found.push(ImportPath { text, alias, is_reexport });
}

/// Returns the path of the module in a file: `a/b` or `a/b/mod` is `a::b`, and the root is empty.
fn module_of(file: &str) -> String {
    let path = file.strip_suffix("/mod").unwrap_or(file);
    if matches!(path, "lib" | "main") { String::new() } else { path.replace('/', "::") }
}

fn parent_of(module: &str) -> String {
    module.rsplit_once("::").map_or_else(String::new, |(parent, _)| parent.to_owned())
}

fn join(module: &str, child: &str) -> String {
    if module.is_empty() { child.to_owned() } else { format!("{module}::{child}") }
}

/// Returns whether a module, or one above it, is declared under `#[cfg(test)]`.
fn is_test_only(module: &str, sources: &Sources) -> bool {
    let (Some((_, name)), parent) = (module.rsplit_once("::").or(Some(("", module))), parent_of(module)) else {
        return false;
    };
    let declares = |text: &String| {
        let before = text.split(&format!("mod {name};")).next().unwrap_or_default();
        before.len() < text.len()
            && before
                .trim_end()
                .lines()
                .rev()
                .take(2)
                .any(|line| line.contains("cfg(test)") || line.contains("cfg(all(test"))
    };
    let is_declared = sources.iter().any(|(file, text)| module_of(file) == parent && declares(text));
    is_declared || (!parent.is_empty() && is_test_only(&parent, sources))
}

fn without_tests(text: &str) -> String {
    text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()
}

/// Returns a text without line comments, without the content of its strings, and without the paths of visibilities.
fn without_comments(text: &str) -> String {
    let mut stripped = String::new();
    for line in text.lines() {
        let code = line.split("//").next().unwrap_or_default();
        // The path in a visibility imports nothing.
        let code = match code.split_once("pub(in ") {
            Some((before, after)) => format!("{before}pub{}", after.split_once(')').unwrap_or_default().1),
            None => code.to_owned(),
        };
        let mut parts = code.split('"');
        stripped.push_str(parts.next().unwrap_or_default());
        while let (Some(_), Some(code)) = (parts.next(), parts.next()) {
            stripped.push_str("\"\"");
            stripped.push_str(code);
        }
        stripped.push('\n');
    }
    stripped
}

/// Reads the relative imports of JavaScript or TypeScript files, types and re-exports included.
fn script_graph(sources: &Sources) -> Graph {
    let mut graph = Graph::new();
    for (file, text) in sources {
        let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
        for quoted in text.split(['\'', '"']).filter(|quoted| quoted.starts_with("./") || quoted.starts_with("../")) {
            let mut target: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
            for part in quoted.split('/') {
                match part {
                    "." => {}
                    ".." => _ = target.pop(),
                    part => target.push(part),
                }
            }
            let target = target.join("/");
            let target = target.rsplit_once('.').map_or(target.as_str(), |(stem, _)| stem);
            if sources.contains_key(target) && target != file {
                graph.entry(file.clone()).or_default().insert(target.to_owned());
            }
        }
    }
    graph
}

/// Returns the circles of a graph, each as the names of the modules that reach each other.
fn circles(graph: &Graph) -> Vec<String> {
    let reachable = |from: &str| {
        let mut reached: BTreeSet<&str> = BTreeSet::new();
        let mut open = vec![from];
        while let Some(module) = open.pop() {
            for next in graph.get(module).into_iter().flatten() {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
    };
    let reached: BTreeMap<&str, BTreeSet<&str>> = graph.keys().map(|from| (from.as_str(), reachable(from))).collect();
    let mut circles = BTreeSet::new();
    for (from, targets) in reached.iter().filter(|(from, targets)| targets.contains(*from)) {
        let circle: Vec<&str> =
            targets.iter().copied().filter(|to| reached.get(to).is_some_and(|back| back.contains(from))).collect();
        circles.insert(circle.join(" "));
    }
    circles.into_iter().collect()
}

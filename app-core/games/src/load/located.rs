//! A TOML file as a value, with the place of every key and value.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{Faults, Place, TEMPLATE};

/// Byte offsets of an entry.
#[derive(Debug, Clone, Copy)]
struct At {
    key: usize,
    value: usize,
}

/// A parsed template, with places by JSON pointer (`/levels/2/set/steps`).
pub(super) struct Located<'t> {
    pub(super) text: &'t str,
    pub(super) value: Value,
    places: BTreeMap<String, At>,
}

impl<'t> Located<'t> {
    /// Parses as much as can be; every fault of the TOML itself is reported.
    pub(super) fn parse(text: &'t str, faults: &mut Faults) -> Self {
        let (table, errors) = DeTable::parse_recoverable(text);
        for error in errors {
            let at = error.span().map_or(0, |span| span.start);
            let place = Place { file: TEMPLATE, text, at };
            let message = format!("this is not TOML: {}", error.message());
            faults.error(place, "", message, "Put the line right; each is `name = value`, text in \"quotes\".");
        }
        let mut located = Self { text, value: Value::Null, places: BTreeMap::new() };
        located.value = located.table(table.get_ref(), "");
        located
    }

    fn table(&mut self, table: &DeTable<'_>, pointer: &str) -> Value {
        let mut map = Map::new();
        for (key, value) in table {
            let inner = format!("{pointer}/{}", key.get_ref().replace('~', "~0").replace('/', "~1"));
            self.places.insert(inner.clone(), At { key: key.span().start, value: value.span().start });
            let value = self.value(value, &inner);
            map.insert(key.get_ref().to_string(), value);
        }
        Value::Object(map)
    }

    fn value(&mut self, value: &Spanned<DeValue<'_>>, pointer: &str) -> Value {
        match value.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                i64::from_str_radix(number.as_str(), number.radix()).map_or(Value::Null, Value::from)
            }
            DeValue::Float(number) => number.as_str().parse::<f64>().map_or(Value::Null, Value::from),
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Datetime(at) => Value::String(at.to_string()),
            DeValue::Array(items) => {
                let mut array = Vec::new();
                for (index, item) in items.iter().enumerate() {
                    let inner = format!("{pointer}/{index}");
                    self.places.insert(inner.clone(), At { key: item.span().start, value: item.span().start });
                    array.push(self.value(item, &inner));
                }
                Value::Array(array)
            }
            DeValue::Table(table) => self.table(table, pointer),
        }
    }

    /// Where the key of an entry stands; for what is not there, the table it belongs into.
    pub(super) fn key(&self, pointer: &str) -> Place<'t> {
        self.place(pointer, |at| at.key)
    }

    /// Where the value of an entry stands.
    pub(super) fn at(&self, pointer: &str) -> Place<'t> {
        self.place(pointer, |at| at.value)
    }

    fn place(&self, pointer: &str, which: impl Fn(&At) -> usize) -> Place<'t> {
        let mut pointer = pointer;
        loop {
            if let Some(at) = self.places.get(pointer) {
                return Place { file: TEMPLATE, text: self.text, at: which(at) };
            }
            match pointer.rfind('/') {
                Some(cut) => pointer = &pointer[..cut],
                None => return Place { file: TEMPLATE, text: self.text, at: 0 },
            }
        }
    }

    pub(super) fn get(&self, pointer: &str) -> Option<&Value> {
        self.value.pointer(pointer)
    }

    pub(super) fn str(&self, pointer: &str) -> Option<&str> {
        self.get(pointer)?.as_str()
    }

    /// Elements of an array; none where there is no array.
    pub(super) fn items(&self, pointer: &str) -> &[Value] {
        self.get(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
    }

    /// Entries of a table; none where there is no table.
    pub(super) fn entries(&self, pointer: &str) -> impl Iterator<Item = (&str, &Value)> {
        self.get(pointer).and_then(Value::as_object).into_iter().flatten().map(|(name, value)| (name.as_str(), value))
    }
}

/// A pointer as people write it: `levels[2].set.steps`.
pub(super) fn field(pointer: &str) -> String {
    let mut field = String::new();
    for segment in pointer.split('/').skip(1) {
        let segment = segment.replace("~1", "/").replace("~0", "~");
        if segment.parse::<usize>().is_ok() {
            field.push_str(&format!("[{segment}]"));
        } else {
            if !field.is_empty() {
                field.push('.');
            }
            field.push_str(&segment);
        }
    }
    field
}

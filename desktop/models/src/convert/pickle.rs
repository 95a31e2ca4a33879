//! A tensor file of PyTorch before version 1.6, read without Python: five pickles, then the numbers.
//!
//! A pickle is a little program that builds objects; it can name any function to call. Here only the instructions that a table of
//! tensors needs are known, and only four names; anything else is refused. Nothing is ever called.

use std::collections::BTreeMap;

use super::build::Array;

/// Begins every such file (`torch/serialization.py`, `MAGIC_NUMBER`), little endian.
const MAGIC: [u8; 10] = [0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19];
/// Deepest stack and largest table: far above what a network needs.
const MOST_VALUES: usize = 100_000;

/// What an instruction leaves on the stack.
#[derive(Debug, Clone, PartialEq)]
enum Value {
    Mark,
    None,
    Bool,
    Int(i64),
    Long(Vec<u8>),
    Text(String),
    Name(&'static str),
    Tuple(Vec<Value>),
    List(Vec<Value>),
    Table(Vec<(Value, Value)>),
    /// A run of numbers kept elsewhere: its key, its type, how many.
    Storage(String, &'static str, usize),
    /// A view of one: which, first number, shape, steps.
    Tensor(String, usize, Vec<usize>, Vec<usize>),
}

/// The names a table of tensors uses.
const NAMES: [(&str, &str); 4] = [
    ("collections OrderedDict", "OrderedDict"),
    ("torch._utils _rebuild_tensor_v2", "tensor"),
    ("torch FloatStorage", "f32"),
    ("torch LongStorage", "i64"),
];

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], String> {
        let end = self.at.checked_add(count).filter(|end| *end <= self.bytes.len()).ok_or("the file ends too early")?;
        let taken = &self.bytes[self.at..end];
        self.at = end;
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], String> {
        self.take(N)?.try_into().map_err(|_| "the file ends too early".to_owned())
    }

    fn line(&mut self) -> Result<&'a str, String> {
        let rest = &self.bytes[self.at..];
        let length = rest.iter().position(|byte| *byte == b'\n').ok_or("a name has no end")?;
        let line = self.take(length + 1)?;
        std::str::from_utf8(&line[..length]).map_err(|_| "a name is not text".to_owned())
    }
}

/// Runs one pickle.
fn pickle(reader: &mut Reader<'_>) -> Result<Value, String> {
    let mut machine = Machine::default();
    loop {
        if machine.stack.len() > MOST_VALUES || machine.memo.len() > MOST_VALUES {
            return Err("the pickle builds too much".into());
        }
        let code = reader.array::<1>()?[0];
        if code == b'.' {
            return machine.pop();
        }
        machine.step(code, reader)?;
    }
}

#[derive(Default)]
struct Machine {
    stack: Vec<Value>,
    memo: BTreeMap<u32, Value>,
}

impl Machine {
    fn pop(&mut self) -> Result<Value, String> {
        self.stack.pop().ok_or_else(|| "the pickle takes what is not there".to_owned())
    }

    fn since_mark(&mut self) -> Result<Vec<Value>, String> {
        let mark = self.stack.iter().rposition(|value| *value == Value::Mark).ok_or("the pickle has no mark")?;
        let taken = self.stack.split_off(mark + 1);
        self.stack.pop();
        Ok(taken)
    }

    fn put(&mut self, key: u32) -> Result<(), String> {
        let value = self.stack.last().cloned().ok_or("the pickle notes what is not there")?;
        // Containers are filled after they are noted and never fetched back by the files read here: the empty one is enough.
        self.memo.insert(key, value);
        Ok(())
    }

    fn get(&mut self, key: u32) -> Result<(), String> {
        let value = self.memo.get(&key).cloned().ok_or("the pickle fetches what it did not note")?;
        self.stack.push(value);
        Ok(())
    }

    fn tuple(&mut self, count: usize) -> Result<(), String> {
        let from = self.stack.len().checked_sub(count).ok_or("the pickle takes what is not there")?;
        let values = self.stack.split_off(from);
        self.stack.push(Value::Tuple(values));
        Ok(())
    }

    fn fill(&mut self, pairs: Vec<Value>) -> Result<(), String> {
        let Some(Value::Table(table)) = self.stack.last_mut() else { return Err("items without a table".into()) };
        let mut pairs = pairs.into_iter();
        while let (Some(key), Some(value)) = (pairs.next(), pairs.next()) {
            table.push((key, value));
        }
        Ok(())
    }

    fn step(&mut self, code: u8, reader: &mut Reader<'_>) -> Result<(), String> {
        let value = match code {
            0x80 => return reader.array::<1>().map(drop), // protocol
            b'(' => Value::Mark,
            b'N' => Value::None,
            0x88 | 0x89 => Value::Bool,
            b'K' => Value::Int(i64::from(reader.array::<1>()?[0])),
            b'M' => Value::Int(i64::from(u16::from_le_bytes(reader.array()?))),
            b'J' => Value::Int(i64::from(i32::from_le_bytes(reader.array()?))),
            0x8a => {
                let length = usize::from(reader.array::<1>()?[0]);
                Value::Long(reader.take(length)?.to_vec())
            }
            b'X' => {
                let length = u32::from_le_bytes(reader.array()?) as usize;
                let text = std::str::from_utf8(reader.take(length)?).map_err(|_| "a text is not UTF-8")?;
                Value::Text(text.to_owned())
            }
            b'c' => {
                let name = format!("{} {}", reader.line()?, reader.line()?);
                let known = NAMES.iter().find(|(theirs, _)| *theirs == name);
                Value::Name(known.ok_or_else(|| format!("the pickle asks for `{name}`, which is refused"))?.1)
            }
            b')' => Value::Tuple(Vec::new()),
            b']' => Value::List(Vec::new()),
            b'}' => Value::Table(Vec::new()),
            b't' => Value::Tuple(self.since_mark()?),
            0x85 => return self.tuple(1),
            0x86 => return self.tuple(2),
            0x87 => return self.tuple(3),
            b'q' => {
                let key = reader.array::<1>()?[0];
                return self.put(u32::from(key));
            }
            b'r' => {
                let key = u32::from_le_bytes(reader.array()?);
                return self.put(key);
            }
            b'h' => {
                let key = reader.array::<1>()?[0];
                return self.get(u32::from(key));
            }
            b'j' => {
                let key = u32::from_le_bytes(reader.array()?);
                return self.get(key);
            }
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                return self.fill(vec![key, value]);
            }
            b'u' => {
                let pairs = self.since_mark()?;
                return self.fill(pairs);
            }
            b'e' => {
                let items = self.since_mark()?;
                let Some(Value::List(list)) = self.stack.last_mut() else { return Err("items without a list".into()) };
                list.extend(items);
                return Ok(());
            }
            b'b' => return self.pop().map(drop), // notes beside a table, such as versions: not needed
            b'Q' => storage(self.pop()?)?,
            b'R' => {
                let (args, name) = (self.pop()?, self.pop()?);
                built(&name, args)?
            }
            other => return Err(format!("the pickle has an instruction {other:#04x}, which is refused")),
        };
        self.stack.push(value);
        Ok(())
    }
}

/// `('storage', type, key, place, count, view)`.
fn storage(id: Value) -> Result<Value, String> {
    let Value::Tuple(parts) = &id else { return Err("a storage is not named as expected".into()) };
    match parts.as_slice() {
        [
            Value::Text(what),
            Value::Name(kind @ ("f32" | "i64")),
            Value::Text(key),
            Value::Text(_),
            Value::Int(count),
            Value::None,
        ] if what == "storage" => {
            let count = usize::try_from(*count).map_err(|_| "a storage has a negative length")?;
            Ok(Value::Storage(key.clone(), kind, count))
        }
        _ => Err("a storage is not named as expected".into()),
    }
}

/// What a named function would have built; it is not called.
fn built(name: &Value, args: Value) -> Result<Value, String> {
    let Value::Tuple(args) = args else { return Err("a call without its arguments".into()) };
    let numbers = |value: &Value| -> Option<Vec<usize>> {
        let Value::Tuple(values) = value else { return None };
        values.iter().map(|v| if let Value::Int(n) = v { usize::try_from(*n).ok() } else { None }).collect()
    };
    match (name, args.as_slice()) {
        (Value::Name("OrderedDict"), []) => Ok(Value::Table(Vec::new())),
        (Value::Name("tensor"), [Value::Storage(key, ..), Value::Int(first), shape, steps, ..]) => {
            let first = usize::try_from(*first).map_err(|_| "a tensor begins before its storage")?;
            let (shape, steps) = (numbers(shape), numbers(steps));
            let (Some(shape), Some(steps)) = (shape, steps) else { return Err("a tensor has no shape".into()) };
            Ok(Value::Tensor(key.clone(), first, shape, steps))
        }
        _ => Err("the pickle calls something with what it does not take".into()),
    }
}

/// The float tensors of a file, by name; counters and other whole numbers are left out.
pub(super) fn tensors(bytes: &[u8]) -> Result<BTreeMap<String, Array>, String> {
    let mut reader = Reader { bytes, at: 0 };
    if pickle(&mut reader)? != Value::Long(MAGIC.to_vec()) {
        return Err("the file is no tensor file of PyTorch before 1.6".into());
    }
    pickle(&mut reader)?; // protocol
    pickle(&mut reader)?; // the machine it was written on; the sizes below are checked anyway
    let Value::Table(table) = pickle(&mut reader)? else { return Err("the file holds no table of tensors".into()) };
    let Value::List(keys) = pickle(&mut reader)? else { return Err("the file does not list its storages".into()) };
    let mut kinds: BTreeMap<String, (&'static str, usize)> = BTreeMap::new();
    collect(bytes, &mut kinds)?;
    let mut runs: BTreeMap<String, Vec<f32>> = BTreeMap::new();
    for key in keys {
        let Value::Text(key) = key else { return Err("a storage has no key".into()) };
        let (kind, count) = *kinds.get(&key).ok_or("a storage is listed and not used")?;
        if u64::from_le_bytes(reader.array()?) != count as u64 {
            return Err(format!("storage {key} is not as long as it should be"));
        }
        let width = if kind == "f32" { 4 } else { 8 };
        let raw = reader.take(count.checked_mul(width).ok_or("a storage is too long")?)?;
        if kind == "f32" {
            let numbers = raw.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]]));
            runs.insert(key, numbers.collect());
        }
    }
    let mut out = BTreeMap::new();
    for (name, value) in table {
        let (Value::Text(name), Value::Tensor(key, first, shape, steps)) = (name, value) else { continue };
        if let Some(run) = runs.get(&key) {
            out.insert(name, view(run, first, shape, &steps)?);
        }
    }
    Ok(out)
}

/// Type and length of each storage: told where a tensor names it, so the table's pickle is run once more for them.
fn collect(bytes: &[u8], kinds: &mut BTreeMap<String, (&'static str, usize)>) -> Result<(), String> {
    let mut reader = Reader { bytes, at: 0 };
    for _ in 0..3 {
        pickle(&mut reader)?;
    }
    let mut machine = Machine::default();
    loop {
        let code = reader.array::<1>()?[0];
        if code == b'.' {
            return Ok(());
        }
        machine.step(code, &mut reader)?;
        if let Some(Value::Storage(key, kind, count)) = machine.stack.last() {
            kinds.insert(key.clone(), (kind, *count));
        }
    }
}

fn view(run: &[f32], first: usize, shape: Vec<usize>, steps: &[usize]) -> Result<Array, String> {
    let count = shape.iter().try_fold(1_usize, |n, dim| n.checked_mul(*dim)).ok_or("a tensor is too large")?;
    if shape.len() != steps.len() || count > run.len() {
        return Err("a tensor does not fit its storage".into());
    }
    let data = (0..count).map(|at| {
        let mut rest = at;
        let offset = (0..shape.len()).rev().map(|axis| {
            let index = rest % shape[axis];
            rest /= shape[axis];
            index.saturating_mul(steps[axis])
        });
        let from = offset.fold(first, usize::saturating_add);
        run.get(from).copied().ok_or_else(|| "a tensor reaches beyond its storage".to_owned())
    });
    Ok(Array { data: data.collect::<Result<_, _>>()?, shape })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_call_anything_is_refused() {
        // `cos\nsystem\n(X\x04\x00\x00\x00echoR.` names a function to call.
        let evil = [
            b"\x80\x02cos\nsystem\n(X\x04\x00\x00\x00echotR.".as_slice(),
            b"\x80\x02i",
            b"\x80\x02\x93.",
            b"",
            b"q\x00",
        ];
        for bytes in evil {
            let error = tensors(bytes).unwrap_err();
            assert!(!error.is_empty(), "{bytes:?}");
        }
        assert!(tensors(evil[0]).unwrap_err().contains("os system"));
    }

    #[test]
    fn a_table_of_one_tensor_is_read() {
        let mut file = b"\x80\x02\x8a\x0a".to_vec();
        file.extend(MAGIC);
        file.extend(b".\x80\x02M\xe9\x03.\x80\x02}q\x00.");
        file.extend(b"\x80\x02ccollections\nOrderedDict\n)R(X\x01\x00\x00\x00wctorch._utils\n_rebuild_tensor_v2\n");
        file.extend(b"((X\x07\x00\x00\x00storagectorch\nFloatStorage\nX\x01\x00\x00\x007X\x03\x00\x00\x00cpuK\x04NtQ");
        file.extend(b"K\x00K\x02K\x02\x86K\x01K\x02\x86\x89ccollections\nOrderedDict\n)RtRu.");
        file.extend(b"\x80\x02]q\x00(X\x01\x00\x00\x007e.");
        file.extend(4_u64.to_le_bytes());
        file.extend([1.0_f32, 2.0, 3.0, 4.0].iter().flat_map(|x| x.to_le_bytes()));
        let read = tensors(&file).unwrap();
        assert_eq!(read["w"], Array { shape: vec![2, 2], data: vec![1.0, 3.0, 2.0, 4.0] }, "steps 1 and 2: turned");
        assert!(tensors(&file[..file.len() - 1]).is_err());
    }
}

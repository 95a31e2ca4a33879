//! Renders messages with the chat template of the model file (Jinja).
//!
//! The template is foreign code: it runs with a fuel limit, sees only the messages, and cannot reach files.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, context};

use crate::LmError;
use crate::options::{ChatMessage, Role};
use crate::tokenizer::Tokenizer;

/// Instructions a template may execute; a long chat needs some thousands.
const FUEL: u64 = 500_000;

/// A compiled template.
#[derive(Debug)]
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    leading: String,
    end: String,
}

impl ChatTemplate {
    pub(crate) fn compile(source: &str, leading: String, end: String) -> Result<Self, LmError> {
        let mut environment = Environment::new();
        environment.set_fuel(Some(FUEL));
        // Whitespace around blocks as Hugging Face's tokenizers, which these templates are written for.
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build().map_err(|e| failed(&e))?;
        environment.set_syntax(syntax);
        environment.add_function("raise_exception", |why: String| -> Result<String, Error> {
            Err(Error::new(ErrorKind::InvalidOperation, why))
        });
        environment.add_template_owned("chat", source.to_owned()).map_err(|e| failed(&e))?;
        Ok(Self { environment, leading, end })
    }

    /// The prompt up to where the model's answer starts.
    pub(crate) fn render(&self, messages: &[ChatMessage], tokenizer: &Tokenizer) -> Result<String, LmError> {
        let messages: Vec<_> = messages
            .iter()
            .map(|message| {
                let role = match message.role {
                    Role::System => "system",
                    Role::User => "user",
                    Role::Assistant => "assistant",
                };
                context! { role, content => tokenizer.without_specials(&message.text) }
            })
            .collect();
        let template = self.environment.get_template("chat").map_err(|e| failed(&e))?;
        template
            .render(context! {
                messages, add_generation_prompt => true, bos_token => self.leading.as_str(),
                eos_token => self.end.as_str(),
            })
            .map_err(|e| failed(&e))
    }
}

/// Says what kind of error and on which line, never the values involved.
fn failed(error: &Error) -> LmError {
    LmError::ChatTemplate { why: format!("{} (line {})", error.kind(), error.line().unwrap_or(0)) }
}

//! Renders messages with the chat template of the model file (Jinja).
//!
//! The template is foreign code: it runs with a fuel limit, sees only the messages, and cannot reach files.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Error, ErrorKind, Value, context};

use crate::LmError;
use crate::options::{ChatMessage, Role};
use crate::tokenizer::Tokenizer;
use crate::vision::IMAGE_TOKEN;

/// Instructions a template may execute; a long chat needs some thousands.
const FUEL: u64 = 500_000;

/// What a template must show of a message, or it does not take contents in that form.
const PROBE: &str = "probe";

/// In which form a template takes the content of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Content {
    /// A text; images stand in it by the name of their token.
    Text,
    /// A list of parts, each with its type: templates of models that see.
    Parts,
}

/// A compiled template.
#[derive(Debug)]
pub(crate) struct ChatTemplate {
    environment: Environment<'static>,
    leading: String,
    end: String,
    content: Content,
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
        let mut template = Self { environment, leading, end, content: Content::Text };
        let shows = |template: &Self| {
            let probe = context! { role => "user", content => template.content_of(PROBE, 0) };
            template.render_all(vec![probe]).is_ok_and(|text| text.contains(PROBE))
        };
        if !shows(&template) {
            template.content = Content::Parts;
            // A template that shows neither form is left to fail where it is used, with its own words.
            if !shows(&template) {
                template.content = Content::Text;
            }
        }
        Ok(template)
    }

    /// The prompt up to where the model's answer starts.
    pub(crate) fn render(&self, messages: &[ChatMessage], tokenizer: &Tokenizer) -> Result<String, LmError> {
        let messages = messages.iter().map(|message| {
            let role = match message.role {
                Role::System => "system",
                Role::User => "user",
                Role::Assistant => "assistant",
            };
            let text = tokenizer.without_specials(&message.text);
            context! { role, content => self.content_of(&text, message.images.len()) }
        });
        self.render_all(messages.collect())
    }

    /// A message's content in the form the template takes; images go first.
    fn content_of(&self, text: &str, images: usize) -> Value {
        match self.content {
            Content::Text => Value::from(IMAGE_TOKEN.repeat(images) + text),
            Content::Parts => {
                let text = context! { type => "text", text => text };
                std::iter::repeat_n(context! { type => "image" }, images).chain([text]).collect()
            }
        }
    }

    fn render_all(&self, messages: Vec<Value>) -> Result<String, LmError> {
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

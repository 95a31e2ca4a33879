//! Prompt lookup: guessing the next tokens from what was said before, so that several are run in one batch.
//!
//! In the flow: greedy decoding that retells or quotes says again what the prompt says. When the latest tokens stood
//! there before, those that followed them then are run along with the new one; the model's own choice confirms or drops
//! each (Saxena 2023, prompt lookup decoding; Leviathan et al. 2023, arXiv 2211.17192, for the checking). A guess never
//! changes a token, which holds only where a vector's products are the same bits alone and in a batch, so nothing is
//! guessed elsewhere.

/// Latest tokens that must have stood there before.
const MATCH: usize = 3;

/// What was said, and what is guessed to follow.
#[derive(Debug)]
pub(crate) struct Lookup {
    /// Most tokens guessed at once; 0: none ever.
    most: usize,
    /// Prompt and answer.
    said: Vec<u32>,
    /// The latest token that was run, then the guesses that were run with it.
    run: Vec<u32>,
    /// How many of the guesses the model has confirmed.
    confirmed: usize,
    /// Guesses confirmed in all.
    pub(crate) right: usize,
}

impl Lookup {
    pub(crate) fn new(most: usize, prompt: &[u32]) -> Self {
        Self { most, said: prompt.to_vec(), run: Vec::new(), confirmed: 0, right: 0 }
    }

    /// Which of the positions that were run has the logits of the next token.
    pub(crate) fn position(&self) -> usize {
        self.confirmed
    }

    /// Positions in the cache that nothing has confirmed.
    pub(crate) fn unconfirmed(&self) -> usize {
        self.run.len().saturating_sub(1 + self.confirmed)
    }

    /// Notes that `token` was said; whether it was guessed, so that its logits are there already.
    pub(crate) fn confirms(&mut self, token: u32) -> bool {
        self.said.push(token);
        let is_right = self.run.get(1 + self.confirmed) == Some(&token);
        self.confirmed += usize::from(is_right);
        self.right += usize::from(is_right);
        is_right
    }

    /// What was to be run was not.
    pub(crate) fn forget(&mut self) {
        self.run.clear();
        self.confirmed = 0;
    }

    /// What to run next: the token said last, and up to `room` guesses.
    pub(crate) fn next(&mut self, room: usize) -> &[u32] {
        self.forget();
        self.run.extend(self.said.last());
        let guesses = follower(&self.said, self.most.min(room));
        self.run.extend_from_slice(&self.said[guesses]);
        &self.run
    }
}

/// Where up to `most` tokens lie that followed the latest earlier place of the last few tokens.
fn follower(said: &[u32], most: usize) -> std::ops::Range<usize> {
    let Some(before) = said.len().checked_sub(MATCH).filter(|_| most > 0) else { return 0..0 };
    let latest = &said[before..];
    match said[..said.len() - 1].windows(MATCH).rposition(|earlier| earlier == latest) {
        Some(at) => at + MATCH..(at + MATCH + most).min(said.len()),
        None => 0..0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_followed_the_latest_same_tokens_is_guessed() {
        let said = [1, 2, 3, 9, 1, 2, 3, 4, 5, 6, 1, 2, 3];
        assert_eq!(&said[follower(&said, 2)], [4, 5]);
        assert_eq!(&said[follower(&said, 9)], [4, 5, 6, 1, 2, 3]);
        assert!(
            follower(&said, 0).is_empty() && follower(&[1, 2, 3, 4], 5).is_empty() && follower(&[1, 2], 5).is_empty()
        );
        // A run of equals follows itself.
        assert_eq!(&[7; 5][follower(&[7; 5], 9)], [7]);
    }

    #[test]
    fn guesses_are_confirmed_one_by_one_and_the_rest_is_dropped() {
        let mut lookup = Lookup::new(3, &[1, 2, 3, 4, 5, 1, 2]);
        assert!(!lookup.confirms(3));
        assert_eq!(lookup.next(8), [3, 4, 5, 1]);
        assert_eq!((lookup.position(), lookup.unconfirmed()), (0, 3));
        assert!(lookup.confirms(4) && !lookup.confirms(6));
        assert_eq!((lookup.position(), lookup.unconfirmed(), lookup.right), (1, 2, 1));
        assert_eq!(lookup.next(8), [6]);
        assert_eq!((lookup.position(), lookup.unconfirmed()), (0, 0));
    }
}

//! From a probability for every character at every step to the words (connectionist temporal classification, Graves 2006): the
//! likeliest character of each step, repetitions once, blanks away.

/// `steps` is `[steps, 1 + characters]`, the blank first. Returns the text and the mean probability of its characters.
pub(crate) fn decode(steps: &[f32], characters: &[String]) -> (String, f32) {
    let (mut text, mut sum, mut count, mut last) = (String::new(), 0.0, 0, 0);
    for step in steps.chunks_exact(characters.len() + 1) {
        let (best, score) =
            step.iter().enumerate().fold((0, f32::MIN), |best, (i, p)| if *p > best.1 { (i, *p) } else { best });
        if best != 0 && best != last {
            text.push_str(&characters[best - 1]);
            sum += score;
            count += 1;
        }
        last = best;
    }
    (text, if count == 0 { 0.0 } else { sum / count as f32 })
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn repetitions_count_once_and_a_blank_parts_two_of_a_kind() {
        let characters = ["a".to_owned(), "茶".to_owned()];
        let step = |best: usize| (0..3).map(move |i| if i == best { 0.8 } else { 0.1 });
        let steps: Vec<f32> = [1, 1, 0, 1, 2, 2, 0].into_iter().flat_map(step).collect();
        let (text, confidence) = decode(&steps, &characters);
        assert_eq!(text, "aa茶");
        assert!((confidence - 0.8).abs() < 1e-6);
        assert_eq!(decode(&[1.0, 0.0, 0.0], &characters), (String::new(), 0.0));
    }
}

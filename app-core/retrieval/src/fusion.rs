//! Several rankings made one. Today there is the word ranking; a vector ranking joins here without anything else changing.

/// The constant of reciprocal rank fusion (Cormack, Clarke & Büttcher 2009).
pub const RRF_K: f64 = 60.0;

/// Something that ranks documents for a question, such as an embedding model.
pub trait Ranker {
    /// Ids, best first; a document left out is unrelated.
    fn rank(&self, question: &str) -> Vec<String>;
}

/// Σ 1 / (k + rank) over the rankings; best first, ties by id.
///
/// ```
/// use reme_retrieval::reciprocal_rank_fusion;
/// let fused = reciprocal_rank_fusion(&[vec!["a".into(), "b".into()], vec!["b".into()]]);
/// assert_eq!(fused[0].0, "b");
/// ```
pub fn reciprocal_rank_fusion(rankings: &[Vec<String>]) -> Vec<(String, f64)> {
    let mut sums = std::collections::BTreeMap::<&str, f64>::new();
    for ranking in rankings {
        for (at, id) in ranking.iter().enumerate() {
            *sums.entry(id).or_default() += 1.0 / (RRF_K + at as f64 + 1.0);
        }
    }
    let mut fused: Vec<(String, f64)> = sums.into_iter().map(|(id, sum)| (id.to_owned(), sum)).collect();
    fused.sort_by(|a, b| b.1.total_cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    fused
}

//! How it is going, for the carer: trends with their bands, how much help each detail needed, and every session.
//!
//! Where in the flow: the trial log and `reme-assessment` in, shapes for a chart out. What it must never do: judge, or count
//! what assessment does not count.

use std::collections::HashMap;

use reme_assessment::{DomainTrend, counts, rung_histogram, sentence, success, trends};
use reme_store::{Session, StoreError};
use reme_types::{Language, SessionId, Trial, Verdict};

use crate::{
    Companion,
    companion::zone,
    dto::{PointDto, ProgressDto, SessionRowDto, TrendDto, TrialDto},
    household::ReMeError,
    names::word,
};

impl Companion {
    /// The progress page; sentences and titles in the reader's language.
    ///
    /// # Errors
    /// What the store says.
    pub fn progress(&self, language: Language) -> Result<ProgressDto, ReMeError> {
        let zone = zone(&self.store.patient()?);
        let (sessions, trials) = (self.store.sessions(false)?, self.store.trials(None)?);
        let days: HashMap<SessionId, jiff::civil::Date> =
            sessions.iter().map(|s| (s.id, s.started_at.to_zoned_datetime(zone.clone()).date())).collect();
        Ok(ProgressDto {
            trends: trends(&trials, |id| days.get(&id).copied()).iter().map(|t| trend_dto(t, language)).collect(),
            rungs: rung_histogram(&trials).to_vec(),
            sessions: sessions.iter().map(|session| self.session_row(session, &trials, language)).collect(),
        })
    }

    /// The trials of one session, in order.
    ///
    /// # Errors
    /// No such session.
    pub fn trials_of(&self, session: &str) -> Result<Vec<TrialDto>, ReMeError> {
        let missing = || StoreError::NotFound { what: "session", id: String::new() };
        let id: SessionId = session.parse().map_err(|_| missing())?;
        if self.store.sessions(false)?.iter().all(|session| session.id != id) {
            return Err(missing().into());
        }
        let facts = self.store.facts(None)?;
        let question = |trial: &Trial| {
            let id = trial.outcome.fact_id?;
            facts.iter().find(|fact| fact.id == id).map(|fact| fact.question.clone())
        };
        let trials = self.store.trials(Some(id))?;
        Ok(trials.iter().map(|trial| trial_dto(trial, question(trial))).collect())
    }

    fn session_row(&self, session: &Session, trials: &[Trial], language: Language) -> SessionRowDto {
        let own: Vec<&Trial> = trials.iter().filter(|t| t.session_id == session.id).collect();
        let mut slugs: Vec<&str> = Vec::new();
        for trial in &own {
            if !slugs.contains(&trial.game.as_str()) {
                slugs.push(&trial.game);
            }
        }
        let counting: Vec<&&Trial> = own.iter().filter(|t| counts(&t.outcome)).collect();
        let succeeded = |trial: &&&&Trial| match trial.outcome.cue {
            Some(_) => success(&trial.outcome) > 0.0,
            None => trial.outcome.verdict == Verdict::Correct,
        };
        SessionRowDto {
            id: session.id.to_string(),
            started_at: session.started_at.to_string(),
            state: word(&session.state),
            minutes: u16::try_from(session.seconds.div_ceil(60)).unwrap_or(u16::MAX),
            games: slugs.iter().map(|slug| self.title_of(slug, language)).collect(),
            trials: u16::try_from(counting.len()).unwrap_or(u16::MAX),
            successes: u16::try_from(counting.iter().filter(succeeded).count()).unwrap_or(u16::MAX),
        }
    }
}

fn trend_dto(trend: &DomainTrend, language: Language) -> TrendDto {
    let points = trend.points.iter().map(|point| PointDto {
        date: point.date.to_string(),
        success: point.success,
        low: point.low,
        high: point.high,
        trials: u16::try_from(point.trials).unwrap_or(u16::MAX),
        mean_rung: point.mean_rung,
    });
    TrendDto { domain: trend.domain.slug().to_owned(), points: points.collect(), sentence: sentence(trend, language) }
}

fn trial_dto(trial: &Trial, question: Option<String>) -> TrialDto {
    let outcome = &trial.outcome;
    TrialDto {
        seq: trial.seq,
        game: trial.game.clone(),
        kind: outcome.kind.clone(),
        domain: outcome.domain.slug().to_owned(),
        question,
        verdict: word(&outcome.verdict),
        rung: outcome.cue.map(|cue| cue.rung()),
        level: outcome.level,
        rt_ms: outcome.rt_ms,
        matched_by: word(&outcome.matched_by),
        practice: outcome.practice,
    }
}

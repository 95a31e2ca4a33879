//! The plan as a carer sees and sets it: every game there is, switched on or not, and how much.
//!
//! What it must never do: put a plan in force whose bounds no game can keep, or overwrite one the carer has not seen.

use reme_types::{DoseLimit, GamePlan, Language, Plan};

use crate::{
    Companion, Conflict, Problem,
    dto::{GamePlanDto, PlanDto},
    household::ReMeError,
};

/// Bounds of what a carer may set (TRAINING notes, "Dose"; Lampit 2014).
const SESSIONS_PER_WEEK: (u8, u8) = (1, 7);
const SESSION_MINUTES: (u16, u16) = (10, 30);
const DAILY_CAP_MINUTES: u16 = 45;
/// Who set a plan that nobody set.
const BY_DEFAULT: &str = "default";
const BY_CARER: &str = "carer";

/// What a plan needs to know of a game.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GameInfo {
    /// Its slug.
    pub slug: String,
    /// Its title in English.
    pub title_en: String,
    /// Its title in Chinese.
    pub title_zh: String,
    /// Its highest level; 1 is the lowest.
    pub levels: u8,
}

impl GameInfo {
    /// The title in a language.
    pub fn title(&self, language: Language) -> &str {
        match language {
            Language::En => &self.title_en,
            Language::ZhCn => &self.title_zh,
        }
    }
}

impl Companion {
    /// The title of a game; its slug when the game is not in this version.
    pub(crate) fn title_of(&self, slug: &str, language: Language) -> String {
        let found = self.games.iter().find(|game| game.slug == slug);
        found.map_or(slug, |game| game.title(language)).to_owned()
    }

    /// The plan in force, or the one every patient begins with: all games at all levels, the default dose.
    pub(crate) fn plan_in_force(&self) -> Result<Plan, ReMeError> {
        if let Some(plan) = self.store.plan()? {
            return Ok(plan);
        }
        let all = |game: &GameInfo| GamePlan { game: game.slug.clone(), min_level: 1, max_level: game.levels };
        Ok(Plan {
            version: 0,
            games: self.games.iter().map(all).collect(),
            dose: DoseLimit::default(),
            starts_on: None,
            ends_on: None,
            set_by: BY_DEFAULT.into(),
        })
    }

    /// The plan for the carer's screen: games in order of preference, then those that are switched off.
    ///
    /// # Errors
    /// What the store says.
    pub fn plan(&self) -> Result<PlanDto, ReMeError> {
        let (plan, language) = (self.plan_in_force()?, self.store.patient()?.language);
        let mut games: Vec<GamePlanDto> = Vec::new();
        for set in &plan.games {
            if let Some(game) = self.games.iter().find(|game| game.slug == set.game) {
                games.push(GamePlanDto {
                    enabled: true,
                    min_level: set.min_level,
                    max_level: set.max_level.min(game.levels),
                    ..switched_off(game, language)
                });
            }
        }
        for game in self.games.iter().filter(|game| plan.games.iter().all(|set| set.game != game.slug)) {
            games.push(switched_off(game, language));
        }
        Ok(PlanDto {
            version: plan.version,
            games,
            sessions_per_week: plan.dose.sessions_per_week,
            session_minutes: plan.dose.session_minutes,
            daily_cap_minutes: plan.dose.daily_cap_minutes,
            set_by: plan.set_by,
        })
    }

    /// Puts a carer's plan in force. The order of the games is their order of preference.
    ///
    /// # Errors
    /// A bound that cannot be kept, by field; a plan that was changed since it was read.
    pub fn set_plan(&mut self, input: &PlanDto) -> Result<PlanDto, ReMeError> {
        let present = self.plan_in_force()?;
        if present.version != input.version && present.set_by != BY_DEFAULT {
            return Err(Conflict::PlanChanged.into());
        }
        let dose = DoseLimit {
            sessions_per_week: input.sessions_per_week,
            session_minutes: input.session_minutes,
            daily_cap_minutes: input.daily_cap_minutes,
        };
        let (fewest, most) = SESSIONS_PER_WEEK;
        within("sessions_per_week", dose.sessions_per_week.into(), fewest.into(), most.into())?;
        within("session_minutes", dose.session_minutes, SESSION_MINUTES.0, SESSION_MINUTES.1)?;
        within("daily_cap_minutes", dose.daily_cap_minutes, dose.session_minutes, DAILY_CAP_MINUTES)?;
        let games = self.read_games(&input.games)?;
        let plan = Plan { version: 0, games, dose, set_by: BY_CARER.into(), ..present };
        self.store.transact(|tx| tx.set_plan(&plan))?;
        self.plan()
    }

    fn read_games(&self, sent: &[GamePlanDto]) -> Result<Vec<GamePlan>, ReMeError> {
        let refused = |problem| ReMeError::Invalid { field: "games", problem };
        let mut games: Vec<GamePlan> = Vec::new();
        for game in sent {
            let Some(info) = self.games.iter().find(|info| info.slug == game.game) else {
                let game = game.game.chars().take(40).collect();
                return Err(refused(Problem::UnknownGame { game }));
            };
            if game.min_level < 1 || game.min_level > game.max_level || game.max_level > info.levels {
                return Err(refused(Problem::Levels { game: info.slug.clone(), levels: info.levels }));
            }
            if game.enabled && games.iter().all(|known| known.game != game.game) {
                games.push(GamePlan { game: game.game.clone(), min_level: game.min_level, max_level: game.max_level });
            }
        }
        if games.is_empty() { Err(refused(Problem::NoGame)) } else { Ok(games) }
    }
}

fn within(field: &'static str, value: u16, low: u16, high: u16) -> Result<(), ReMeError> {
    if (low..=high).contains(&value) {
        return Ok(());
    }
    Err(ReMeError::Invalid { field, problem: Problem::Range { low, high } })
}

fn switched_off(game: &GameInfo, language: Language) -> GamePlanDto {
    GamePlanDto {
        game: game.slug.clone(),
        title: game.title(language).to_owned(),
        enabled: false,
        min_level: 1,
        max_level: game.levels,
        levels: game.levels,
    }
}

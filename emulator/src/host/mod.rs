pub(crate) mod clock;
pub(crate) mod date;
pub(crate) mod port;
pub(crate) mod seeded_random;

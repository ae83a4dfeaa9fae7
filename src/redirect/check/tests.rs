use super::{After, Nearest, RedirectChecker, reason};

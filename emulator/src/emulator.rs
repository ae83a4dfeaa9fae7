//! The emulator: a service, and the controls of tests around it: clock, seed, faults and logs.

use serde::Serialize;

use crate::apps::initial::{self, InitialApp};
use crate::faults::fault::Fault;
use crate::faults::register::{FaultRegister, Injected};
use crate::faults::response;
use crate::host::clock::Clock;
use crate::host::clocked_host::ClockedHost;
use crate::host::date::LATEST;
use crate::host::port::Host;
use crate::host::random::SeededRandom;
use crate::http::body::Body;
use crate::http::outcome::{MAX_DELAY, Outcome};
use crate::http::request::Request;
use crate::http::response::Response;
use crate::log::redact;
use crate::log::request_log::{RecordedRequest, RequestLog};
use crate::oauth::members::{self, ListedMember};
use crate::options::Options;
use crate::rate_limit::RateLimiter;
use crate::service::Service;
use crate::settings::InputError;
use crate::snapshot::{Contents, SEED, Snapshot, seed_record};
use crate::store::journal::{Change, Record};
use crate::webhooks::attempt::{Attempt, AttemptLog};
use crate::webhooks::outbox::Delivery;

/// The emulator. It contains all of its state.
pub struct Emulator {
    service: Service,
    clock: Clock,
    /// The generator of the option `seed`.
    seeded: Option<SeededRandom>,
    faults: FaultRegister,
    request_log: RequestLog,
    attempt_log: AttemptLog,
    initial_apps: Vec<InitialApp>,
    /// True once the initial apps exist.
    has_initial_apps: bool,
}

/// Credentials that the emulator accepts.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Credentials {
    /// The value of the header `Authorization`.
    pub api_key: String,
    /// The value of the header `wix-site-id`.
    pub site_id: String,
}

impl Emulator {
    /// Returns an emulator. The apps of [`Options::apps`] are created at the first request, or by
    /// [`Emulator::create_initial_apps`].
    pub fn new(options: Options) -> Result<Self, InputError> {
        options.check()?;
        Ok(Self {
            clock: Clock::new(options.now),
            seeded: options.seed.as_deref().map(SeededRandom::from_text),
            faults: FaultRegister::default(),
            request_log: RequestLog::new(options.request_log_size),
            attempt_log: AttemptLog::default(),
            initial_apps: initial::read(&options)?,
            has_initial_apps: false,
            service: Service::new(options),
        })
    }

    /// Handles a request, and logs it.
    pub fn handle(&mut self, request: &Request<'_>, host: &mut dyn Host) -> Outcome {
        self.create_initial_apps(host);
        let body = Body::parse(request);
        let mut warnings = Vec::new();
        let Injected { failing, delay } = self.faults.inject(request);
        let now = self.clock.now(host.now());
        let mut host = ClockedHost { now, seeded: self.seeded.as_mut(), host };
        let takes_effect = failing.as_ref().is_none_or(Fault::takes_effect);
        let response = takes_effect.then(|| self.service.respond(request, &body, &mut host, &mut warnings));
        let (error, response) = match failing {
            None => (None, response),
            Some(Fault { error: Some(error), .. }) => (Some(error), response.filter(|_| error.interrupts_response())),
            Some(fault) => (None, Some(response::response(fault, &mut host))),
        };
        let latency = u64::from(self.service.options.latency);
        let mut response = response.unwrap_or_else(Response::none).with_content_length();
        let fault = error.map(|error| format!("an injected fault: {}", error.name()));
        response.reason = fault.or(response.reason).map(redact::message);
        let outcome = Outcome { delay: delay.saturating_add(latency).min(MAX_DELAY.into()), error, response };
        self.request_log.add(request, &outcome, warnings);
        outcome
    }

    /// Creates the apps of [`Options::apps`] that do not exist yet. Does nothing after the first call since the start, a
    /// [`Emulator::reset`] or a [`Emulator::load`].
    pub fn create_initial_apps(&mut self, host: &mut dyn Host) {
        if self.has_initial_apps {
            return;
        }
        self.has_initial_apps = true;
        let now = self.clock.now(host.now());
        let Service { options, contents, .. } = &mut self.service;
        initial::create(&self.initial_apps, options, &mut contents.apps, now);
        self.service.journal_changes();
    }

    /// Returns the apps of [`Options::apps`].
    pub fn initial_apps(&self) -> &[InitialApp] {
        &self.initial_apps
    }

    /// Returns the members who can log in: those of the options, then those who registered.
    pub fn members(&self) -> Vec<ListedMember> {
        members::all(&self.service.options, &self.service.contents.grants)
    }

    /// Registers a fault, which applies to later requests after the faults that are registered already.
    pub fn fail(&mut self, fault: Fault) -> Result<(), InputError> {
        fault.check()?;
        self.faults.add(fault);
        Ok(())
    }

    /// Removes every registered fault.
    pub fn clear_faults(&mut self) {
        self.faults.clear();
    }

    /// Stops the clock at a time, in milliseconds since 1970, at the latest in the year 9999.
    pub fn set_time(&mut self, now: u64) {
        self.clock = Clock::Stopped(now.min(LATEST));
    }

    /// Moves the clock forward. A running clock continues from there.
    pub fn advance(&mut self, milliseconds: u64) {
        self.clock.advance(milliseconds);
    }

    /// Returns the webhooks that are due, in the order of their events.
    pub fn deliveries(&self, host: &mut dyn Host) -> Vec<Delivery> {
        self.service.contents.outbox.due(self.clock.now(host.now()))
    }

    /// Returns the milliseconds until a webhook is due. Returns `None` if no webhook is waiting or the clock stands still.
    pub fn next_delivery(&self, host: &mut dyn Host) -> Option<u64> {
        let Clock::Running { .. } = self.clock else { return None };
        let now = self.clock.now(host.now());
        self.service.contents.outbox.next_attempt().map(|due| due.saturating_sub(now))
    }

    /// Records an attempt to post a webhook. A failed attempt is repeated with increasing delays, up to six times in all.
    pub fn delivered(&mut self, id: &str, is_delivered: bool, host: &mut dyn Host) {
        let now = self.clock.now(host.now());
        if let Some(attempt) = self.service.contents.outbox.record_attempt(id, is_delivered, now) {
            self.attempt_log.add(attempt);
        }
        self.service.journal_changes();
    }

    /// Returns the last attempts to post webhooks, oldest first.
    pub fn attempts(&self) -> impl Iterator<Item = &Attempt> {
        self.attempt_log.iter()
    }

    /// Returns credentials that the emulator accepts.
    pub fn credentials(&self) -> Credentials {
        let Options { api_key, site_ids, .. } = &self.service.options;
        Credentials { api_key: api_key.clone(), site_id: site_ids.first().cloned().unwrap_or_default() }
    }

    /// Returns the last requests, oldest first.
    pub fn requests(&self) -> impl Iterator<Item = RecordedRequest> {
        self.request_log.entries()
    }

    /// Takes a snapshot of the stored data. The logs, the clock and the faults are not part of it.
    pub fn snapshot(&self) -> Snapshot {
        Snapshot::new(&self.service.contents, self.drawn())
    }

    /// Replaces the stored data by that of a snapshot. An invalid snapshot changes nothing. The logs, the clock and the
    /// faults stay.
    pub fn restore(&mut self, snapshot: &Snapshot) -> Result<(), InputError> {
        let (contents, drawn) = snapshot.read(&self.service.options)?;
        self.replace_contents(contents, drawn);
        self.has_initial_apps = true;
        Ok(())
    }

    /// Replaces the stored data by that of records that the host has stored. An invalid record changes nothing. The apps of
    /// [`Options::apps`] that are missing are created at the next request. The next call of [`Emulator::changes`] returns later changes only.
    pub fn load(&mut self, records: &[Record]) -> Result<(), InputError> {
        self.restore(&Snapshot::from_records(records)?)?;
        self.has_initial_apps = false;
        self.service.journal.start();
        Ok(())
    }

    /// Returns the records that were written or removed since the last call or since [`Emulator::load`], each once, in the
    /// order of their last writes. The first call without a load before it returns every record.
    pub fn changes(&mut self) -> Vec<Change> {
        let Some(keys) = self.service.journal.take() else {
            self.service.journal.start();
            let records = self.snapshot().into_records();
            return records.map(|(key, value)| Change { key, value: Some(value.to_string()) }).collect();
        };
        let value = |key: &str| self.service.contents.record(key).map(|record| record.to_string());
        let mut changes: Vec<_> = keys.into_iter().map(|key| Change { value: value(&key), key }).collect();
        if let Some(drawn) = self.drawn().filter(|_| !changes.is_empty()) {
            changes.push(Change { key: SEED.to_owned(), value: Some(seed_record(drawn).to_string()) });
        }
        changes
    }

    /// Returns the emulator to its initial state: without apps but those of the options, without grants, logs and faults, and
    /// with the clock and the seed of the options.
    pub fn reset(&mut self) {
        self.replace_contents(Contents::default(), Some(0));
        self.has_initial_apps = false;
        self.service.rate_limiter = RateLimiter::default();
        self.request_log.clear();
        self.attempt_log.clear();
        self.faults.clear();
        self.clock = Clock::new(self.service.options.now);
    }

    /// Returns the position of the seeded generator.
    fn drawn(&self) -> Option<u64> {
        self.seeded.as_ref().map(|seeded| seeded.drawn)
    }

    /// Replaces the stored data. Every old and every new record counts as changed.
    fn replace_contents(&mut self, mut contents: Contents, drawn: Option<u64>) {
        // Loading a snapshot is no change of its records.
        drop(contents.take_changed_keys());
        self.service.journal.extend(self.service.contents.keys().chain(contents.keys()));
        self.service.contents = contents;
        if let Some((seeded, drawn)) = self.seeded.as_mut().zip(drawn) {
            seeded.drawn = drawn;
        }
    }
}

#[cfg(test)]
mod tests;

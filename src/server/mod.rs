//! What makes a server of it: settings, database, the two doors, security, commands.

pub mod access;
pub mod browser;
pub mod command_line;
pub mod commands;
pub mod config;
pub mod database;
pub mod embedded;
pub mod errors;
pub mod export;
pub mod keys;
pub mod openapi;
pub mod openapi_examples;
pub mod peer;
pub mod rate;
pub mod readers;
pub mod rest;
pub mod router;
pub mod sections;
pub mod security;
pub mod seed;
pub mod serve;
pub mod state;
pub mod telemetry;
pub mod upkeep;
pub mod uploads;
pub mod verify;

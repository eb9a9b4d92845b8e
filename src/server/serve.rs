//! Serving: from the settings to a listening server, and an orderly end.

use std::net::SocketAddr;
use std::time::Duration;

use leptos::prelude::LeptosOptions;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

use super::config::{DataOptions, ServeOptions};
use super::database::{self, Database};
use super::replica::Watch;
use super::state::AppState;
use super::{commands, router, seed};
use crate::auth::password;
use crate::dashboard::rollups;
use crate::history::seals;
use crate::live::tasks::Tasks;

/// The folder of what was built for the browser.
const PKG: &str = "pkg";

/// Requests under way get so long when the server is told to stop.
const GRACE: Duration = Duration::from_secs(10);

/// The settings of the browser's half. A built site has its files in a folder named after their content, so
/// that an open page never meets code of another version; `make dev` has them in `pkg` itself.
pub fn leptos_options(serve: &ServeOptions) -> LeptosOptions {
    let version = std::fs::read_to_string(serve.site_root.join(PKG).join("version")).unwrap_or_default();
    LeptosOptions::builder()
        .output_name("dashboard-fb")
        .site_root(serve.site_root.to_string_lossy().into_owned())
        .site_pkg_dir(format!("{PKG}/{}", version.trim()).trim_end_matches('/').to_owned())
        .site_addr(serve.listen)
        .reload_port(3001_u32)
        .build()
}

/// Serves until told to stop.
pub async fn run(data: &DataOptions, serve: ServeOptions) -> Result<(), commands::CommandError> {
    // The port first: a second server must not touch the data of the one that runs.
    let listener =
        TcpListener::bind(serve.listen).await.map_err(|e| commands::CommandError::Listen(serve.listen, e))?;
    let replica = database::replica(data)?;
    let database = Database::open(data).await?;
    let shop = database.prepare(data).await?;
    if serve.demo {
        seed::demo(&database.pool).await?;
    }
    tokio::task::spawn_blocking(password::prepare);
    let options = leptos_options(&serve);
    announce(&serve);
    let state = AppState::new(database.pool.clone(), replica, database.keys.clone(), shop, serve, options);
    let live = Tasks::start((*state.db.connect_options()).clone(), state.live.clone());
    let cleaner = tokio::spawn(super::upkeep::run(state.db.clone(), state.rate_limit.clone()));
    let adder = tokio::spawn(rollups::run(state.db.clone()));
    let sealer = tokio::spawn(seals::run(state.db.clone()));
    let watcher = state.replica.clone().map(|replica| {
        let primary = (*state.db.connect_options()).clone();
        tokio::spawn(async move { Watch::new(replica, primary).run().await })
    });
    let result = serve_until_stopped(listener, state).await;
    if let Some(watcher) = watcher {
        watcher.abort();
    }
    cleaner.abort();
    adder.abort();
    sealer.abort();
    live.stop().await;
    database.close().await;
    tracing::info!("stopped");
    result.map_err(commands::CommandError::Io)
}

async fn serve_until_stopped(listener: TcpListener, state: AppState) -> std::io::Result<()> {
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let live = state.live.clone();
    let app = router::build(state).into_make_service_with_connect_info::<SocketAddr>();
    let server = axum::serve(listener, app).with_graceful_shutdown(async move {
        let _ = stopped.await;
    });
    let mut server = std::pin::pin!(std::future::IntoFuture::into_future(server));
    tokio::select! {
        ended = &mut server => return ended,
        () = asked_to_stop() => {}
    }
    tracing::info!("stopping: requests under way are finished");
    // They have no end of their own to wait for.
    live.stop();
    let _ = stop.send(());
    tokio::time::timeout(GRACE, server).await.unwrap_or_else(|_| {
        tracing::warn!("some requests took longer than {} s and were cut", GRACE.as_secs());
        Ok(())
    })
}

async fn asked_to_stop() {
    let (Ok(mut terminate), Ok(mut interrupt)) = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()))
    else {
        return std::future::pending().await;
    };
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

/// What somebody who typed the command wants to read.
fn announce(serve: &ServeOptions) {
    println!("\n  Dashboard FB : http://{}\n", serve.listen);
    if serve.demo {
        println!("  Comptes de démonstration (sur cette machine seulement) :");
        for (email, password, role) in crate::auth::demo::DEMO_ACCOUNTS {
            println!("    {email:<26} {password:<16} {}", role.label());
        }
        println!();
    }
}

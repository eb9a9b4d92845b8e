//! How often one address may call the REST API. Screens have no such limit: many colleagues share an address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::peer;
use super::state::AppState;
use crate::error::{AppError, ErrorCode};

/// Calls by address: so many a second, and twice as many at once.
pub struct RateLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
}

impl RateLimit {
    /// No limit for zero.
    pub fn new(per_second: u32) -> Option<Self> {
        let rate = NonZeroU32::new(per_second)?;
        let quota = Quota::per_second(rate).allow_burst(rate.saturating_mul(NonZeroU32::MIN.saturating_add(1)));
        Some(Self { limiter: RateLimiter::dashmap(quota) })
    }

    /// Seconds to wait, if this is one call too many.
    fn wait(&self, address: IpAddr) -> Option<u64> {
        let refused = self.limiter.check_key(&network(address)).err()?;
        Some(refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }

    /// Forgets addresses that have been quiet.
    pub fn forget_quiet(&self) {
        self.limiter.retain_recent();
        self.limiter.shrink_to_fit();
    }
}

/// Whoever has one IPv6 address has a network of them (/64): it counts as one.
fn network(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX)).into(),
        v4 => v4,
    }
}

/// Refuses calls that come too fast, before anything of them is looked at.
pub async fn limit(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let Some(limit) = &state.rate_limit else { return next.run(request).await };
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let address = peer::address(request.headers(), peer, &state.options.trusted_proxies);
    match limit.wait(address) {
        None => next.run(request).await,
        Some(seconds) => {
            AppError::new(ErrorCode::TooManyRequests, format!("Trop de requêtes. Réessayez dans {seconds} seconde(s)."))
                .with("retry_after", seconds)
                .into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_then_each_address_waits_for_itself() {
        let limit = RateLimit::new(3).expect("a limit");
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        let waits: Vec<_> = (0..7).map(|_| limit.wait(ip("10.0.0.1"))).collect();
        assert_eq!(waits[..6], [None; 6]);
        assert_eq!(waits[6], Some(1));
        assert_eq!(limit.wait(ip("10.0.0.2")), None);
        assert!(RateLimit::new(0).is_none());
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(ip("2001:db8:1:2::3")), network(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(network(ip("2001:db8:1:2::3")), network(ip("2001:db8:1:3::3")));
    }
}

//! How often one address may call the REST API. Screens have no such limit: many colleagues share an address.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::peer;
use super::redis::Redis;
use super::state::AppState;
use crate::error::{AppError, ErrorCode, Member};

/// Calls by address: so many a second, and twice as many at once.
pub struct RateLimit {
    limiter: DefaultKeyedRateLimiter<IpAddr>,
    per_second: NonZeroU32,
    burst: NonZeroU32,
    /// Where several servers count together.
    redis: Option<Arc<Redis>>,
}

impl RateLimit {
    /// No limit for zero.
    pub fn new(per_second: u32, redis: Option<Arc<Redis>>) -> Option<Self> {
        let per_second = NonZeroU32::new(per_second)?;
        let burst = per_second.saturating_mul(NonZeroU32::MIN.saturating_add(1));
        let limiter = RateLimiter::dashmap(Quota::per_second(per_second).allow_burst(burst));
        Some(Self { limiter, per_second, burst, redis })
    }

    /// Seconds to wait, if this is one call too many: for all servers together, or for this one alone where nobody
    /// counts for all.
    async fn wait(&self, address: IpAddr) -> Option<u64> {
        let network = network(address);
        let together = match &self.redis {
            Some(redis) => redis.wait(network, self.per_second.get(), self.burst.get()).await,
            None => None,
        };
        let early = match together {
            Some(early) => early,
            None => {
                let refused = self.limiter.check_key(&network).err();
                refused.map_or(Duration::ZERO, |refused| refused.wait_time_from(DefaultClock::default().now()))
            }
        };
        (early > Duration::ZERO).then(|| early.as_secs() + 1)
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
    match limit.wait(address).await {
        None => next.run(request).await,
        Some(seconds) => {
            AppError::new(ErrorCode::TooManyRequests, format!("Trop de requêtes. Réessayez dans {seconds} seconde(s)."))
                .with(Member::RetryAfter, seconds)
                .into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_burst_passes_and_then_each_address_waits_for_itself() {
        let limit = RateLimit::new(3, None).expect("a limit");
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        for wait in [None, None, None, None, None, None, Some(1)] {
            assert_eq!(limit.wait(ip("10.0.0.1")).await, wait);
        }
        assert_eq!(limit.wait(ip("10.0.0.2")).await, None);
        assert!(RateLimit::new(0, None).is_none());
    }

    #[test]
    fn an_ipv6_network_is_one_caller() {
        let ip = |text: &str| text.parse::<IpAddr>().expect("an address");
        assert_eq!(network(ip("2001:db8:1:2::3")), network(ip("2001:db8:1:2:ffff::9")));
        assert_ne!(network(ip("2001:db8:1:2::3")), network(ip("2001:db8:1:3::3")));
    }
}

//! One server of Redis, and a connection to it.

use std::sync::Once;
use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, IntoConnectionInfo, RedisConnectionInfo,
    TlsCertificates,
};
use tokio::time::timeout;

use super::problem::RedisProblem;
use super::settings::{RedisAddress, RedisConfig};

/// From the first packet to the last of the greeting.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(1);
/// For every answer.
pub(super) const ANSWER_TIMEOUT: Duration = Duration::from_secs(1);

/// Whose rights are used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum As {
    /// The user's of the access list.
    User,
    /// Nobody's: sentinels are asked for an address, and no more.
    Nobody,
}

/// Connects to a server.
pub(super) async fn connect(
    config: &RedisConfig,
    address: &RedisAddress,
    who: As,
) -> Result<MultiplexedConnection, RedisProblem> {
    let client =
        client(config, address, who).map_err(|_| RedisProblem::Unusable(address.to_string()))?;
    // Answers have a deadline where they are asked for.
    let options = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(CONNECT_TIMEOUT))
        .set_response_timeout(None);
    let connecting = client.get_multiplexed_async_connection_with_config(&options);
    let unreachable = || RedisProblem::Unreachable(address.to_string());
    let connected = timeout(CONNECT_TIMEOUT, connecting).await.map_err(|_| unreachable())?;
    connected.map_err(|error| {
        let problem = RedisProblem::from(error);
        let is_refused = matches!(problem, RedisProblem::Refused | RedisProblem::NotAllowed);
        if is_refused { problem } else { unreachable() }
    })
}

fn client(config: &RedisConfig, address: &RedisAddress, who: As) -> redis::RedisResult<Client> {
    let RedisAddress { host, port, tls } = address.clone();
    let mut login = RedisConnectionInfo::default().set_skip_set_lib_name();
    if who == As::User
        && let Some(password) = &config.password
    {
        login = login.set_password(password.as_str());
        if let Some(user) = &config.user {
            login = login.set_username(user);
        }
    }
    if !tls {
        let info = ConnectionAddr::Tcp(host, port).into_connection_info()?;
        return Client::open(info.set_redis_settings(login));
    }
    name_cryptography();
    let address = ConnectionAddr::TcpTls { host, port, insecure: false, tls_params: None };
    let info = address.into_connection_info()?.set_redis_settings(login);
    let root_cert = config.authority_pem.clone();
    Client::build_with_tls(info, TlsCertificates { client_tls: None, root_cert })
}

/// rustls asks each program to say which cryptography it uses.
fn name_cryptography() {
    static NAMED: Once = Once::new();
    NAMED.call_once(|| {
        // Somebody else in this process may have named it, which serves as well.
        let _named_before = rustls::crypto::ring::default_provider().install_default();
    });
}

//! A Redis that fails over and loses what was written last.

use std::time::Duration;

use tokio::time::sleep;

use crate::store::Store;

/// For so long the replica hears nothing before its master dies.
const LAST_SECOND: Duration = Duration::from_secs(1);

/// What a failover has lost.
#[derive(Debug, Clone, Copy)]
pub struct Lossy {
    /// Keys that the old master had and the new one has not.
    pub keys: u64,
    /// A naive claim was made at the old master, and by somebody else once more at the new one.
    pub naive_claim_spent_twice: bool,
}

/// The replica of one master is cut off, the master dies a second later, and the replica takes over. At
/// last the old master is there again, as its replica. (A replica that is only stopped would still read
/// what its machine has received meanwhile.)
pub async fn lose_the_last_second(store: &mut Store) -> Lossy {
    let old = store.master().await;
    let new = store.replica_of(old).await;
    store.servers[new].ask(&["CONFIG", "SET", "masterauth", "not what the master knows"]).await;
    store.servers[old].ask(&["CLIENT", "KILL", "TYPE", "replica"]).await;
    // In the slots of this server, if it is one of several.
    let key = own_key(store, old).await;
    let claims_first = claim(store, old, &key, "one").await;
    sleep(LAST_SECOND).await;
    let had = keys(store, old).await;
    store.servers[old].process.kill().await;
    store.until_failed_over(old).await;
    let has = keys(store, new).await;
    let claims_second = claim(store, new, &key, "another").await;
    store.servers[new].ask(&["CONFIG", "SET", "masterauth", ""]).await;
    // Sentinels have had it write its settings down, as they were while it was cut off.
    store.servers[new].ask(&["CONFIG", "REWRITE"]).await;
    store.servers[old].start_again().await;
    store.until_whole().await;
    Lossy { keys: had.saturating_sub(has), naive_claim_spent_twice: claims_first && claims_second }
}

/// `SET NX`, believed at once.
async fn claim(store: &Store, server: usize, key: &str, value: &str) -> bool {
    store.servers[server].ask(&["SET", key, value, "NX", "PX", "30000"]).await == "OK"
}

async fn keys(store: &Store, server: usize) -> u64 {
    store.servers[server].ask(&["DBSIZE"]).await.parse().expect("a number of keys")
}

/// A key that this server holds.
async fn own_key(store: &Store, server: usize) -> String {
    // Nobody has claimed it before.
    let unused: u64 = rand::random();
    for number in 0_u64.. {
        let key = format!("control:{unused}:{number}");
        let answer = store.servers[server].ask(&["GET", &key]).await;
        if !answer.contains("MOVED") {
            return key;
        }
    }
    unreachable!("every server holds some keys")
}

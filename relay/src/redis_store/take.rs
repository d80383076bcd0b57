//! The one way in which nodes agree: who was first.

use redis::{Value, pipe};

use super::keeper::Store;
use super::problem::RedisProblem;

/// Takes a key for a value, if nobody has it for another; says whether. It only ever holds longer. `SET
/// NX` is the first half of it: the second lets the same value come again, and writes then too, because
/// `WAIT` is promised to count no more than what its own connection has written.
const TAKE: &str = "\
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
local millis = math.max(redis.call('PTTL', KEYS[1]), tonumber(ARGV[2]))
redis.call('SET', KEYS[1], ARGV[1], 'PX', string.format('%.0f', millis))
return 1";

/// Takes a key for at least so long, sure that every replica knows it.
pub(super) async fn take(
    store: &Store,
    key: &str,
    value: [u8; 16],
    millis: u64,
) -> Result<bool, RedisProblem> {
    let mut commands = pipe();
    commands.cmd("EVAL").arg(TAKE).arg(1).arg(key).arg(&value[..]).arg(millis);
    match store.write(key, commands).await?.as_slice() {
        [Value::Int(1)] => Ok(true),
        [Value::Int(0)] => Ok(false),
        _ => Err(RedisProblem::Strange),
    }
}

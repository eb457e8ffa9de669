import { build, eq, sql } from './drizzle.ts'
import { refreshTokens, sessions } from './schema.ts'
import { prepare, prepareSql } from './statement.ts'

const at = (name: string) => sql`${sql.placeholder(name)}::bigint`
const text = (name: string) => sql`${sql.placeholder(name)}::text`

/**
 * A session and its first tokens, both or neither. The tokens are in lists: their ids, when they were used, and when they expire.
 */
export const startSession = prepareSql<never>(
  'session_start',
  sql`with started as (
      insert into ${sessions} (id, user_id, expires_at, ended_at, started_at)
      values (${sql.placeholder('id')}::uuid, ${at('userId')}, ${at('expiresAt')}, ${at('endedAt')}, ${at('startedAt')}) returning id
    )
    insert into ${refreshTokens} (jti, session_id, used_at, expires_at)
    select token.jti, started.id, token.used_at, token.expires_at
    from started, unnest(${sql.placeholder('jtis')}::text[], ${sql.placeholder('usedAt')}::bigint[],
      ${sql.placeholder('expiries')}::bigint[]) as token (jti, used_at, expires_at)`,
  {}
)

/**
 * A token and its session, as they are once nobody else writes them. The session is locked first, as a deletion does it: who
 * locks in one order never waits in a circle.
 */
const lockedToken = sql`
  select s.id, t.used_at, s.user_id = ${at('userId')} and s.ended_at is null as lives
  from ${refreshTokens} t join ${sessions} s on s.id = t.session_id
  where t.jti = ${text('jti')} for update of s, t`

/** Uses up a token of a session that lives, and forgets those that have expired; or ends the session. No row where the token is unknown. */
export const rotateToken = prepareSql<{ outcome: 'rotated' | 'reused' | 'ended' }>(
  'token_rotate',
  sql`with found as (${lockedToken}), judged as (
      select id, case when not lives then 'ended'
        when ${at('at')} - used_at > ${at('graceMs')} then 'reused' else 'rotated' end as outcome
      from found
    ), used as (
      update ${refreshTokens} set used_at = ${at('at')} from judged
      where ${refreshTokens.jti} = ${text('jti')} and judged.outcome = 'rotated' and ${refreshTokens.usedAt} is null
    ), written as (
      update ${sessions} set
        expires_at = case judged.outcome when 'rotated' then greatest(${sessions.expiresAt}, ${at('expiresAt')}) else ${sessions.expiresAt} end,
        ended_at = case judged.outcome when 'reused' then ${at('at')} end
      from judged where ${sessions.id} = judged.id and judged.outcome <> 'ended'
    ), forgotten as (
      delete from ${refreshTokens} using judged
      where ${refreshTokens.sessionId} = judged.id and judged.outcome = 'rotated'
        and ${refreshTokens.expiresAt} < ${at('at')} and ${refreshTokens.jti} <> ${text('jti')}
    ), added as (
      insert into ${refreshTokens} (jti, session_id, expires_at)
      select ${text('nextJti')}, id, ${at('expiresAt')} from judged where outcome = 'rotated'
    )
    select outcome from judged`,
  { outcome: true }
)

/** Ends the session of a token that could be used, unless another one is of it too. No row where the token is unknown. */
export const endSession = prepareSql<{ ended: boolean }>(
  'token_end',
  sql`with found as (${lockedToken}), judged as (
      select id, lives and used_at is null and not exists (
        select 1 from ${refreshTokens} other where other.jti = ${text('exceptJti')} and other.session_id = found.id
      ) as ended from found
    ), written as (
      update ${sessions} set ended_at = ${at('at')} from judged where ${sessions.id} = judged.id and judged.ended
    )
    select ended from judged`,
  { ended: true }
)

const stateColumns = { usedAt: refreshTokens.usedAt, endedAt: sessions.endedAt }

export const tokenState = prepare(
  'token_state',
  build
    .select(stateColumns)
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .where(eq(refreshTokens.jti, sql.placeholder('jti'))),
  stateColumns
)

/** Without those that somebody else is writing or forgetting: several nodes do this at once. */
export const purgeSessions = prepareSql<{ purged: number }>(
  'sessions_purge',
  sql`with expired as (
      select id from ${sessions} where ${sessions.expiresAt} < ${at('at')}
      order by ${sessions.expiresAt} limit ${sql.placeholder('limit')} for update skip locked
    ), gone as (
      delete from ${sessions} using expired where ${sessions.id} = expired.id returning 1
    )
    select count(*)::int from gone`,
  { purged: true }
)

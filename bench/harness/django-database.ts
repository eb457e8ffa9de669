import Database, { type Database as DatabaseConnection } from 'better-sqlite3'

/** The table of users of an app called `users`, as Django 5.2 makes it in SQLite. */
export const DJANGO_USERS = `
  CREATE TABLE "users_users" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, "password" varchar(128) NOT NULL,
    "last_login" datetime NULL, "is_superuser" bool NOT NULL, "username" varchar(150) NOT NULL UNIQUE,
    "is_staff" bool NOT NULL, "is_active" bool NOT NULL, "date_joined" datetime NOT NULL, "email" varchar(200) NOT NULL UNIQUE,
    "first_name" varchar(200) NOT NULL, "last_name" varchar(200) NOT NULL, "number_phone" varchar(10) NULL,
    "avatar" varchar(100) NULL);`

/** SimpleJWT's tables, as its version 5.3 makes them. */
export const DJANGO_TOKENS = `
  CREATE TABLE "token_blacklist_outstandingtoken" ("token" text NOT NULL, "created_at" datetime NULL,
    "expires_at" datetime NOT NULL, "user_id" bigint NULL REFERENCES "users_users" ("id") DEFERRABLE INITIALLY DEFERRED,
    "jti" varchar(255) NOT NULL UNIQUE, "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT);
  CREATE INDEX "token_blacklist_outstandingtoken_user_id_83bc629a" ON "token_blacklist_outstandingtoken" ("user_id");
  CREATE TABLE "token_blacklist_blacklistedtoken" ("blacklisted_at" datetime NOT NULL, "token_id" bigint NOT NULL UNIQUE
    REFERENCES "token_blacklist_outstandingtoken" ("id") DEFERRABLE INITIALLY DEFERRED,
    "id" integer NOT NULL PRIMARY KEY AUTOINCREMENT);`

/** A new database with Django's tables, empty. */
export function createDjangoDatabase(path: string): DatabaseConnection {
  const database = new Database(path)
  database.exec(DJANGO_USERS)
  database.exec(DJANGO_TOKENS)
  return database
}

export interface DjangoSize {
  users: number
  /** Of refresh tokens; a fifth of them is blacklisted, another one expired. */
  tokens: number
}

/** Names in no order, as those of real users are. */
const FILL_USERS = `
  WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < @users)
  INSERT INTO users_users (id, password, last_login, is_superuser, username, is_staff, is_active, date_joined, email,
                           first_name, last_name, number_phone, avatar)
  SELECT id, 'pbkdf2_sha256$870000$' || substr(hex(randomblob(11)), 1, 22) || '$' || substr(hex(randomblob(21)), 1, 42) || 'A=',
         iif(id % 3 = 0, NULL, strftime('%Y-%m-%d %H:%M:%f', 1740000000 + id, 'unixepoch') || '456'), 0,
         name, 0, id % 50 <> 0, strftime('%Y-%m-%d %H:%M:%f', 1700000000 + id, 'unixepoch') || '123', name || '@example.com',
         'First ' || (id % 1000), iif(id % 2, 'Last ' || (id % 7919), ''), iif(id % 2, substr('0000000000' || id, -10), NULL), ''
  FROM (SELECT id, printf('user_%08x', (id * 2654435761) & 0xffffffff) AS name FROM n)`

const FILL_TOKENS = `
  WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < @tokens)
  INSERT INTO token_blacklist_outstandingtoken (id, token, created_at, expires_at, user_id, jti)
  SELECT id, hex(randomblob(120)), datetime('now', '-10 days'), datetime('now', iif(id % 5 = 1, '-1 day', '+30 days')),
         1 + id % @users, lower(hex(randomblob(16)))
  FROM n`

const FILL_BLACKLIST = `
  INSERT INTO token_blacklist_blacklistedtoken (blacklisted_at, token_id)
  SELECT datetime('now'), id FROM token_blacklist_outstandingtoken WHERE id % 5 = 0`

/** A new database like one that Django filled. */
export function fillDjangoDatabase(path: string, { users, tokens }: DjangoSize): void {
  const database = createDjangoDatabase(path)
  try {
    database.pragma('synchronous = OFF')
    database.pragma('cache_size = -500000')
    database.transaction(() => {
      database.prepare(FILL_USERS).run({ users })
      if (tokens === 0) return
      database.prepare(FILL_TOKENS).run({ users, tokens })
      database.prepare(FILL_BLACKLIST).run()
    })()
  } finally {
    database.close()
  }
}

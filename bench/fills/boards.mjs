import { whileLoading } from './loading.mjs';

/** One score of each person, with ties: a million scores among a hundred thousand values. */
const VALUES = 100_000;

/** People of an application who all have a score in one season. `userId`: the person whose row the others are like. */
export async function fillBoard(client, { total, seasonId, userId }) {
  await whileLoading(client, 'users, user_applications, board_entries, board_buckets', async () => {
    await client.query(
      'CREATE TEMPORARY TABLE made AS SELECT gen_random_uuid() AS id FROM generate_series(1, $1)',
      [total],
    );
    await client.query(
      `INSERT INTO users SELECT (jsonb_populate_record(known, jsonb_build_object('id', made.id,
           'audit_pseudonym', gen_random_uuid()))).* FROM users known, made WHERE known.id = $1`,
      [userId],
    );
    await client.query(
      `INSERT INTO user_applications SELECT (jsonb_populate_record(known, jsonb_build_object('user_id', made.id))).*
         FROM user_applications known, made WHERE known.user_id = $1`,
      [userId],
    );
    await client.query(
      `INSERT INTO board_entries (season_id, sort_key, reached, user_id, reached_at)
         SELECT $1, -floor(random() * ${VALUES}), nextval('board_scores_sequence'), id, now() FROM made`,
      [seasonId],
    );
    await client.query('DROP TABLE made');
  });
}

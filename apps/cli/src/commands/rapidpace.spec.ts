import { describeError } from '../describe-error';
import { runCommand } from '../run-command';

const SECRET = 'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s';
const RECORD = `{
  "telegram_id": 542262331, "first_name": "Хади", "last_name": "Варпошти", "username": "hadivarp",
  "language_code": "en", "trace_id": "35b1baf8-a268-44cf-91cb-58112f29202f", "auth_date": 1687519459
}`;
const CANONICAL =
  'auth_date1687519459first_nameХадиlanguage_codeenlast_nameВарпоштиtelegram_id542262331trace_id35b1baf8-a268-44cf-91cb-58112f29202fusernamehadivarp';
const SIGNATURE = 'RXfgLu5gZeWsq4FWcsKwhNVoKI5Jg+3iTm0i6GDSTpc=';

async function run(words: string, input = ''): Promise<string> {
  let output = '';
  await runCommand(words.split(' '), {
    environment: {},
    onInterrupt: () => undefined,
    readInput: () => Promise.resolve(input),
    write: (text) => {
      output += text;
    },
  });
  return output;
}

function failureOf(words: string, input?: string): Promise<string> {
  return run(words, input).then(() => 'it succeeded', describeError);
}

describe('countersign rapidpace sign', () => {
  it.each(['\n', '\r\n'])(
    "prints canonical string and signature of the document's example (%j)",
    async (lineBreak) => {
      expect(await run('rapidpace sign --secret-stdin', `${SECRET}${lineBreak}${RECORD}`)).toBe(
        `${CANONICAL}\n${SIGNATURE}\n`,
      );
    },
  );

  it.each([
    ['{"telegram_id":1,"telegram_id":1}', 'rapidpace.duplicate_key'],
    ['{"telegram_id":1,"a b":"1"}', 'rapidpace.key_invalid'],
    ['{"telegram_id":1e3}', 'rapidpace.telegram_id_invalid'],
    ['{"telegram_id":1,"last_name":"trace_id"}', 'rapidpace.ambiguous_record'],
    ['', 'rapidpace.malformed'],
  ])('names the rule that %s fails, and not the secret', async (record, code) => {
    const sentence = await failureOf('rapidpace sign --secret-stdin', `${SECRET}\n${record}`);

    expect(sentence).toContain(`(${code}). `);
    expect(sentence).not.toContain(SECRET);
  });

  it.each([
    ['rapidpace sign', `${SECRET}\n${RECORD}`, '--secret-stdin'],
    ['rapidpace sign --secret-stdin', SECRET, 'first line'],
    ['rapidpace sign --secret-stdin', `\n${RECORD}`, 'first line'],
    ['rapidpace sign --secret-stdin', ` \t\n${RECORD}`, 'first line'],
    ['rapidpace sign --secret-stdin', '', 'first line'],
  ])('says how "%s" is used when something is missing (%#)', async (words, input, hint) => {
    const sentence = await failureOf(words, input);

    expect(sentence).toContain(hint);
    expect(sentence).not.toContain(SECRET);
  });
});

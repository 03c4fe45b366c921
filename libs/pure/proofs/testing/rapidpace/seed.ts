/** The examples of "Telegram Seamless Login" as printed: https://docs.rapidpacecrm.com/article/telegram-seamless-login */
export const SEED_SECRET = 'URGv5f9J4KbAIkod02uLEXfUMEKhDE1s';

export const SEED_HMAC = 'RXfgLu5gZeWsq4FWcsKwhNVoKI5Jg+3iTm0i6GDSTpc=';

export const SEED_BODY = `{
  "telegram_id": 542262331,
  "first_name": "Хади",
  "last_name": "Варпошти",
  "username": "hadivarp",
  "language_code": "en",
  "trace_id": "35b1baf8-a268-44cf-91cb-58112f29202f",
  "auth_date": 1687519459
}`;

export const SEED_QUERY =
  'trace_id%3D35b1baf8-a268-44cf-91cb-58112f29202f%26telegram_id%3D542262331%26first_name%3D%D0%A5%D0%B0%D0%B4%D0%B8%26last_name%3D%D0%92%D0%B0%D1%80%D0%BF%D0%BE%D1%88%D1%82%D0%B8%26language_code%3Den%26username%3Dhadivarp%26auth_date%3D1687519459%26x-urm-hmac%3DRXfgLu5gZeWsq4FWcsKwhNVoKI5Jg%2B3iTm0i6GDSTpc%3D';

export const SEED_CANONICAL =
  'auth_date1687519459first_nameХадиlanguage_codeenlast_nameВарпоштиtelegram_id542262331trace_id35b1baf8-a268-44cf-91cb-58112f29202fusernamehadivarp';

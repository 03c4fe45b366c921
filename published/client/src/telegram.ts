export { readInitData } from './init-data.js';
export { finishTelegramLogin, startTelegramLogin, type TelegramLogin } from './telegram-login.js';
export { followTelegramVisibility } from './telegram-visibility.js';

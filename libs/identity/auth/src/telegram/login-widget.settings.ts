import { IsBoolean } from 'class-validator';

/** The Login Widget and LoginUrl buttons. */
export class LoginWidgetSettings {
  /** Every holder of the bot's token can forge such a login; Telegram itself signs none. */
  @IsBoolean()
  accept = false;
}

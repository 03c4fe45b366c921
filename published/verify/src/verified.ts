/** The answer of a verification. Only wrong options throw; data of a client never do. */
export type Verified<T> = { readonly ok: true; readonly value: T } | Refused;

export interface Refused {
  readonly ok: false;
  /** The code, such as `init_data.hash_mismatch`. The README lists all codes. */
  readonly code: string;
  /** A sentence for people. It is the same at every occurrence. */
  readonly title: string;
  readonly remedy?: string;
}

/** The accepted age of a proof. */
export interface Age {
  /** The limit in seconds, itself included. */
  readonly maxAgeSeconds: number;
  /** The default is the current time. */
  readonly now?: Date;
}

/** The bot's token. During a rotation, several may be given, and one must match. */
export interface WithBotToken {
  readonly botToken: string | readonly string[];
}

export type Environment = 'production' | 'test';

/** The content of init data. Empty and `null` values are absent. */
export interface InitData {
  /** The time at which Telegram opened the Mini App. Telegram Desktop repeats it for up to a day. */
  readonly authDate: Date;
  readonly user: {
    /** The id in decimal digits, exactly as signed, at most 2^53 - 1. */
    readonly id: string;
    /** It is empty if the bot named none. */
    readonly firstName: string;
    readonly lastName?: string;
    readonly username?: string;
    readonly languageCode?: string;
    readonly photoUrl?: string;
    readonly isPremium?: boolean;
    readonly allowsWriteToPm?: boolean;
  };
  /** It is signed, but the author of the link chooses it, so it authorises nothing. */
  readonly startParam?: string;
  readonly queryId?: string;
  readonly chatInstance?: string;
  readonly chatType?: string;
}

/** A login with the Login Widget or a LoginUrl button. */
export interface Login {
  readonly authDate: Date;
  readonly user: Omit<InitData['user'], 'languageCode' | 'isPremium' | 'allowsWriteToPm'>;
}

/** The three forms in which a page gets Login Widget data. */
export type LoginWidgetData =
  /** The object passed to the page's callback. */
  | { readonly kind: 'object'; readonly data: unknown }
  /** The query of the redirect, with or without the leading `?`. */
  | { readonly kind: 'query'; readonly query: string }
  /** The value of `#tgAuthResult=`. */
  | { readonly kind: 'tgAuthResult'; readonly tgAuthResult: string };

/** A player that Rapidpace names. Absent, null and empty values are null. */
export interface RapidpacePlayer {
  readonly telegramId: string;
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly username: string | null;
  readonly languageCode: string | null;
  readonly traceId: string | null;
  readonly authDate: Date | null;
}

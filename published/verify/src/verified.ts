/** What a function of this package answers. It throws for wrong options alone, never for what a client sent. */
export type Verified<T> = { readonly ok: true; readonly value: T } | Refused;

/** The first rule that fails. */
export interface Refused {
  readonly ok: false;
  /** Such as `init_data.hash_mismatch`: the README names all of them. */
  readonly code: string;
  /** One sentence for people, the same at every occurrence. */
  readonly title: string;
  /** What the caller can do about it. */
  readonly remedy?: string;
}

/** How old a proof may be. */
export interface Age {
  /** In seconds, the limit included. */
  readonly maxAgeSeconds: number;
  /** Now, unless it is given. */
  readonly now?: Date;
}

/** A bot's token; several while one is rotated, of which one must match. */
export interface WithBotToken {
  readonly botToken: string | readonly string[];
}

/** Telegram has one key for each of its two environments. */
export type Environment = 'production' | 'test';

/** The content of init data. What is empty or `null` is absent. */
export interface InitData {
  /** When Telegram opened the Mini App; Telegram Desktop repeats it for up to a day. */
  readonly authDate: Date;
  readonly user: {
    /** In decimal digits, exactly as signed; at most 2^53 - 1. */
    readonly id: string;
    /** Empty where the bot named none. */
    readonly firstName: string;
    readonly lastName?: string;
    readonly username?: string;
    readonly languageCode?: string;
    readonly photoUrl?: string;
    readonly isPremium?: boolean;
    readonly allowsWriteToPm?: boolean;
  };
  /** Signed, but chosen by the author of the link: it authorises nothing. */
  readonly startParam?: string;
  readonly queryId?: string;
  readonly chatInstance?: string;
  readonly chatType?: string;
}

/** A login by the Login Widget or a LoginUrl button. */
export interface Login {
  readonly authDate: Date;
  readonly user: {
    readonly id: string;
    readonly firstName: string;
    readonly lastName?: string;
    readonly username?: string;
    readonly photoUrl?: string;
  };
}

/** The three ways in which a page gets Login Widget data. */
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

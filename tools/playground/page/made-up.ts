import { asked } from './me';

/** A login of the Login Widget, in each of its forms. */
export interface WidgetLogin {
  readonly data: { readonly id: number; readonly auth_date: number; readonly hash: string };
  readonly query: string;
  readonly tgAuthResult: string;
}

/** `account` of TON Connect with its `ton_proof`. */
export type TonProof = Readonly<Record<string, unknown>>;

/** What the Login Widget gives to a web page. */
export function widgetLoginOf(id: number): Promise<WidgetLogin> {
  return asked('/playground/login-widget', { id });
}

/** Init data of OpenWeb3, signed at this moment. */
export async function openWeb3InitDataOf(id: number): Promise<string> {
  return (await asked<{ initData: string }>('/playground/openweb3-init-data', { id })).initData;
}

/** Sets the person who answers the next Log In With Telegram; `null` declines it. */
export function standAtTheBrowser(id: number | null): Promise<void> {
  return asked('/playground/telegram-browser', id === null ? {} : { id });
}

/** The made-up wallet of a person; signs the message if there is one. */
export function walletOf(id: number, message?: string): Promise<{ address: string; signature: string }> {
  const hex = [...new TextEncoder().encode(message)].map((byte) => byte.toString(16).padStart(2, '0'));
  return asked('/playground/wallet', { id, ...(message !== undefined && { message: `0x${hex.join('')}` }) });
}

/** The made-up wallet of TON of a person; answers the challenge if there is one. */
export function tonWalletOf(
  id: number,
  challenge?: { readonly payload: string | null; readonly domain: string | null },
): Promise<{ address: string; tonProof: TonProof }> {
  return asked('/playground/ton-wallet', {
    id,
    ...(challenge && { payload: challenge.payload ?? '', domain: challenge.domain ?? '' }),
  });
}

import { Text } from '@countersign/http';
import { MAX_INIT_DATA_BYTES } from '@countersign/telegram';

export class RefreshRequest {
  @Text('The refresh token of the latest pair.', 'cs_rt_...', { input: 'required', max: 512 })
  refreshToken: string;

  @Text(
    'Of the running Mini App: refused when it names another person than the session. Its age is not checked.',
    'user=%7B%22id%22%3A279058397%7D&auth_date=1763625600&signature=...&hash=...',
    { input: 'optional', schema: { maxLength: MAX_INIT_DATA_BYTES } },
  )
  initData?: string;
}

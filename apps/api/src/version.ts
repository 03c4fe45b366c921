// oxlint-disable-next-line boundaries/no-unknown-dependencies -- the only place that names the release
import { version } from '../../../package.json';

export const VERSION: string = version;

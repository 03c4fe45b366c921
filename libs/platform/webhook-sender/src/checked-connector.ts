import { isIP, type LookupFunction, type Socket } from 'node:net';
import type { AllowedTarget } from '@countersign/config';
import type { buildConnector as undici } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import { isListed, mayCall, type Destination } from './address-rules';
import type { NameLookups } from './name-lookup';
import { SendError } from './send-error';

/** A name with an address that does not answer gets another one after this time. */
const NEXT_ADDRESS_MS = 1_000;

interface ConnectorOptions {
  readonly names: NameLookups;
  readonly allowed: readonly AllowedTarget[];
  /** Destroys the socket, whether it is connected or not. */
  readonly signal: AbortSignal;
  /** PEM. Null: those of Node and of NODE_EXTRA_CA_CERTS. */
  readonly certificateAuthorities: string | null;
}

/**
 * Connects only to addresses that may be called. The look-up of the socket is given the addresses that were
 * checked, so that no second answer of the DNS is used. A host that is an address is checked here: sockets do not
 * look it up.
 */
export function checkedConnector(options: ConnectorOptions): undici.connector {
  return (target, callback) => {
    void connect(options, target).then(
      (socket) => callback(null, socket),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

async function connect(options: ConnectorOptions, target: undici.Options): Promise<Socket> {
  const isSecure = target.protocol === 'https:';
  const destination = { host: target.hostname, port: Number(target.port || (isSecure ? 443 : 80)) };
  const addresses = await checkedAddresses(options, destination);
  const { signal, certificateAuthorities } = options;
  signal.throwIfAborted();
  const open = buildConnector({
    lookup: lookupOf(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: NEXT_ADDRESS_MS,
    // The attempt that opens the connection has a deadline, and aborts.
    timeout: 0,
    // A resumed session would skip the check of the certificate's name.
    maxCachedSessions: 0,
    rejectUnauthorized: true,
    ...(certificateAuthorities === null ? {} : { ca: certificateAuthorities }),
  });
  return new Promise((resolve, reject) => {
    let isConnected = false;
    const settle: undici.Callback = (error, opened) => {
      if (opened) resolve(opened);
      else reject(new SendError(isSecure && isConnected ? 'tls' : 'connect', error));
    };
    // The type does not tell that undici's connector returns the socket.
    const socket = open(target, settle) as unknown as Socket;
    socket.once('connect', () => (isConnected = true));
    const destroy = (): void => void socket.destroy();
    signal.addEventListener('abort', destroy, { once: true });
    socket.once('close', () => {
      signal.removeEventListener('abort', destroy);
      // Without an effect once it was open.
      reject(new SendError(isConnected ? 'tls' : 'connect'));
    });
  });
}

/** Every one has to be allowed: a name with one inside address among public ones is not a receiver. */
async function checkedAddresses(
  { names, allowed }: ConnectorOptions,
  destination: Destination,
): Promise<readonly string[]> {
  const { host } = destination;
  const addresses =
    isIP(host) === 0
      ? await names.addressesOf(host, isListed(destination, allowed)).catch((error: unknown) => {
          throw new SendError('dns', error);
        })
      : [host];
  if (addresses.length === 0) throw new SendError('dns');
  if (!addresses.every((address) => mayCall(address, destination, allowed)))
    throw new SendError('refused_address');
  return addresses;
}

function lookupOf(addresses: readonly string[]): LookupFunction {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_name, { all }, callback) => {
    if (all) return callback(null, found);
    const [first] = found;
    callback(null, first?.address ?? '', first?.family);
  };
}

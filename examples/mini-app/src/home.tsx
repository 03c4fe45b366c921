import { useCountersign, useUser, type User } from '@countersign/client/react';
import { useCallback } from 'react';
import { Account, ConfirmedActs } from './account';
import { Game } from './game';
import { Orders } from './orders';
import { Failure, Spinner } from './parts';
import { Sessions } from './sessions';
import { useAction } from './use-action';
import { Wallets } from './wallets';

export function Home({ userId }: { readonly userId: string }) {
  const { signOut } = useCountersign();
  const logout = useAction(useCallback(() => signOut(), [signOut]));
  return (
    <>
      <header>
        <Profile />
        <button className="plain" onClick={logout.run} disabled={logout.isRunning}>
          Log out
        </button>
      </header>
      <main>
        <Failure error={logout.error} />
        <ConfirmedActs />
        <Orders />
        <Game userId={userId} />
        <Wallets />
        <Sessions />
        <Account />
      </main>
    </>
  );
}

function Profile() {
  const state = useUser();
  switch (state.status) {
    case 'signed-in':
      return <Person user={state.user} />;
    case 'failed':
      return <button onClick={() => void state.reload()}>Load the profile again</button>;
    default:
      return <Spinner label="Loading the profile" />;
  }
}

/** A field is `null` if Telegram or the person does not give it. */
function Person({ user: { profile, ownProfile } }: { readonly user: User }) {
  const name =
    ownProfile.displayName ??
    ([profile.firstName, profile.lastName].filter((part) => part !== null).join(' ') || 'No name');
  const picture = ownProfile.avatarUrl ?? profile.photoUrl;
  return (
    <div className="person">
      {picture === null ? (
        <span className="picture" aria-hidden="true">
          {name.slice(0, 1)}
        </span>
      ) : (
        <img className="picture" src={picture} alt="" />
      )}
      <div>
        <h1>{name}</h1>
        {profile.username !== null && <p className="hint">@{profile.username}</p>}
      </div>
    </div>
  );
}

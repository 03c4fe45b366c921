import { useState, type ReactNode } from 'react';
import { call, inPath } from '../../api';
import { hrefOf } from '../../router';
import { texts } from '../../texts';
import { useRound } from '../../use-loaded';
import { Act, reasonField } from '../../ui/act';
import { bodyOf, fieldsOf, valuesOf } from '../../ui/api-form';
import { Card, Choice } from '../../ui/basics';
import { List } from '../../ui/list';
import { One } from '../../ui/one';
import { Facts } from '../../ui/values';
import type { CreateProps } from './boards';

const { listings, webhooks } = texts;
const scope = 'listings:write';
const states = ['drafted', 'published', 'hidden'] as const;

export function CreateListing({ applicationId = '', onDone }: CreateProps): ReactNode {
  return (
    <Act
      scope={scope}
      label={listings.create}
      consequence={listings.createText}
      fields={fieldsOf('createListing')}
      initial={{ applicationId }}
      run={(values, idempotencyKey) =>
        call('POST', '/v1/admin/listings', { idempotencyKey, body: bodyOf('createListing', values) })
      }
      show={({ body }) => ({ listingId: body['listingId'], name: body['name'], state: body['state'] })}
      onDone={onDone}
    />
  );
}

export function Listings(): ReactNode {
  const [state, setState] = useState('');
  const [round, reloadList] = useRound();
  return (
    <>
      <h1>{listings.title}</h1>
      <Card title={listings.title} acts={<CreateListing onDone={reloadList} />}>
        <Choice
          label={webhooks.state}
          value={state}
          options={[['', webhooks.any], ...states.map((each) => [each, each] as const)]}
          onChange={setState}
        />
        <List
          round={round}
          path="/v1/admin/listings"
          label={listings.title}
          query={{ state }}
          columns={['name', 'key', 'state', 'teamName', 'applicationId', 'updatedAt']}
          acts={({ listingId }) => <a href={hrefOf('listings', String(listingId))}>{texts.show}</a>}
        />
      </Card>
    </>
  );
}

export function Listing({ listingId }: { readonly listingId: string }): ReactNode {
  const path = `/v1/admin/listings/${inPath(listingId)}`;
  return (
    <One path={path} list={['listings', listings.title]} title={listings.one}>
      {({ body }, reload) => (
        <Card
          title={String(body['name'])}
          acts={
            <div className="row">
              {body['state'] === 'hidden' ? (
                <Act
                  scope={scope}
                  label={listings.unhide}
                  consequence={listings.unhideText}
                  run={(_, idempotencyKey) => call('POST', `${path}/unhide`, { idempotencyKey })}
                  onDone={reload}
                />
              ) : (
                <Act
                  scope={scope}
                  label={listings.hide}
                  consequence={listings.hideText}
                  fields={[reasonField]}
                  isDanger
                  run={(values, idempotencyKey) =>
                    call('POST', `${path}/hide`, { idempotencyKey, body: values })
                  }
                  onDone={reload}
                />
              )}
              <Act
                scope={scope}
                label={listings.assign}
                consequence={listings.assignText}
                fields={fieldsOf('assignListing')}
                initial={valuesOf('assignListing', body)}
                run={(values, idempotencyKey) =>
                  call('PATCH', path, { idempotencyKey, body: bodyOf('assignListing', values) })
                }
                onDone={reload}
              />
            </div>
          }
        >
          <Facts of={body} />
        </Card>
      )}
    </One>
  );
}

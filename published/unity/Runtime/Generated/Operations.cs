// Generated from docs/openapi/public.json by scripts/lib/unity-package.mjs: do not edit it.

using System.Threading.Tasks;

namespace Countersign
{
    public sealed partial class CountersignClient
    {
        /// <summary>Get the account of the access token or of the init data</summary>
        public Task<MeResponse> GetMe()
        {
            return Get<MeResponse>("/v1/me");
        }

        /// <summary>Get a leaderboard with its current season</summary>
        /// <param name="boardId">The leaderboard.</param>
        public Task<BoardResponse> GetBoard(string boardId)
        {
            return Get<BoardResponse>("/v1/boards/" + Segment(boardId));
        }

        /// <summary>List the seasons of a leaderboard, newest first</summary>
        /// <param name="boardId">The leaderboard.</param>
        /// <param name="limit">How many items a page has at most.</param>
        /// <param name="cursor">Opaque; <c>nextCursor</c> of the page before.</param>
        public Task<SeasonPage> ListSeasons(string boardId, long? limit = null, string cursor = null)
        {
            return Get<SeasonPage>("/v1/boards/" + Segment(boardId) + "/seasons", "limit", limit, "cursor", cursor);
        }

        /// <summary>List the people of a leaderboard, the first in front</summary>
        /// <param name="boardId">The leaderboard.</param>
        /// <param name="limit">How many items a page has at most.</param>
        /// <param name="cursor">Opaque; <c>nextCursor</c> of the page before.</param>
        /// <param name="seasonId">The season; the current one by default.</param>
        /// <param name="teamId">Ranks among the members of this team.</param>
        /// <param name="referredBy">Ranks among this account, which is the caller’s own, and the people whom it referred.</param>
        public Task<TopResponse> ListTop(string boardId, long? limit = null, string cursor = null, string seasonId = null, string teamId = null, string referredBy = null)
        {
            return Get<TopResponse>("/v1/boards/" + Segment(boardId) + "/top", "limit", limit, "cursor", cursor, "seasonId", seasonId, "teamId", teamId, "referredBy", referredBy);
        }

        /// <summary>List the people around a person on a leaderboard</summary>
        /// <param name="boardId">The leaderboard.</param>
        /// <param name="userId">The account, or one that was merged into it.</param>
        /// <param name="seasonId">The season; the current one by default.</param>
        /// <param name="teamId">Ranks among the members of this team.</param>
        /// <param name="referredBy">Ranks among this account, which is the caller’s own, and the people whom it referred.</param>
        /// <param name="each">How many people on each side, 1 to 50.</param>
        public Task<RanksResponse> ListAround(string boardId, string userId, string seasonId = null, string teamId = null, string referredBy = null, string each = null)
        {
            return Get<RanksResponse>("/v1/boards/" + Segment(boardId) + "/around/" + Segment(userId), "seasonId", seasonId, "teamId", teamId, "referredBy", referredBy, "each", each);
        }

        /// <summary>Get the rank of a person on a leaderboard</summary>
        /// <param name="boardId">The leaderboard.</param>
        /// <param name="userId">The account, or one that was merged into it.</param>
        /// <param name="seasonId">The season; the current one by default.</param>
        /// <param name="teamId">Ranks among the members of this team.</param>
        /// <param name="referredBy">Ranks among this account, which is the caller’s own, and the people whom it referred.</param>
        public Task<RankResponse> GetRank(string boardId, string userId, string seasonId = null, string teamId = null, string referredBy = null)
        {
            return Get<RankResponse>("/v1/boards/" + Segment(boardId) + "/ranks/" + Segment(userId), "seasonId", seasonId, "teamId", teamId, "referredBy", referredBy);
        }
    }
}

using System.Text;
using System.Threading.Tasks;
using UnityEngine.Networking;

namespace Countersign
{
    /// <summary>Sends requests by UnityWebRequest, which works in web builds: there are no threads.</summary>
    public sealed class UnityHttp : IHttp
    {
        public Task<HttpAnswer> Send(HttpCall call)
        {
            var answered = new TaskCompletionSource<HttpAnswer>();
            var request = new UnityWebRequest(call.Url, call.Method)
            {
                downloadHandler = new DownloadHandlerBuffer(),
                redirectLimit = 0,
                timeout = call.TimeoutSeconds,
            };
            if (call.Body != null)
            {
                request.uploadHandler = new UploadHandlerRaw(Encoding.UTF8.GetBytes(call.Body)) { contentType = call.ContentType };
            }
            if (call.Authorization != null)
            {
                request.SetRequestHeader("Authorization", call.Authorization);
            }
            request.SendWebRequest().completed += _ =>
            {
                HttpAnswer answer;
                using (request)
                {
                    answer = AnswerOf(request);
                }
                answered.SetResult(answer);
            };
            return answered.Task;
        }

        private static HttpAnswer AnswerOf(UnityWebRequest request)
        {
            var isWhole = request.result == UnityWebRequest.Result.Success || request.result == UnityWebRequest.Result.ProtocolError;
            return isWhole
                ? new HttpAnswer
                {
                    Status = (int)request.responseCode,
                    Body = request.downloadHandler.text,
                    RetryAfter = request.GetResponseHeader("Retry-After"),
                }
                : new HttpAnswer();
        }
    }
}

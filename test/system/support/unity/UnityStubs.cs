// Just enough of UnityEngine for the compiler: nothing here runs.

using System;

namespace UnityEngine
{
    public class MonoBehaviour
    {
    }

    public static class Debug
    {
        public static void Log(object message)
        {
        }
    }

    public class AsyncOperation
    {
        public event Action<AsyncOperation> completed { add { } remove { } }
    }
}

namespace UnityEngine.Networking
{
    public class DownloadHandler
    {
        public string text { get; }
    }

    public class DownloadHandlerBuffer : DownloadHandler
    {
    }

    public class UploadHandler
    {
        public string contentType { get; set; }
    }

    public class UploadHandlerRaw : UploadHandler
    {
        public UploadHandlerRaw(byte[] data)
        {
        }
    }

    public class UnityWebRequestAsyncOperation : AsyncOperation
    {
    }

    public class UnityWebRequest : IDisposable
    {
        public enum Result
        {
            InProgress,
            Success,
            ConnectionError,
            ProtocolError,
            DataProcessingError,
        }

        public UnityWebRequest(string url, string method)
        {
        }

        public DownloadHandler downloadHandler { get; set; }

        public UploadHandler uploadHandler { get; set; }

        public int redirectLimit { get; set; }

        public int timeout { get; set; }

        public Result result { get; }

        public long responseCode { get; }

        public void SetRequestHeader(string name, string value)
        {
        }

        public string GetResponseHeader(string name)
        {
            return null;
        }

        public UnityWebRequestAsyncOperation SendWebRequest()
        {
            return null;
        }

        public void Dispose()
        {
        }
    }
}

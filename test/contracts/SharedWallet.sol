// SPDX-License-Identifier: UNLICENSED
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";

/// A wallet of several owners as Safe makes them: so many of them sign, in the order of their addresses, and what they
/// sign names the wallet and its chain. An empty signature asks whether so many approved the message on the chain.
contract SharedWallet is IERC1271 {
    bytes32 private constant DOMAIN = keccak256("EIP712Domain(uint256 chainId,address verifyingContract)");
    bytes32 private constant SAFE_MESSAGE = keccak256("SafeMessage(bytes message)");

    mapping(address => bool) public isOwner;
    uint256 public immutable threshold;
    mapping(bytes32 => mapping(address => bool)) private hasApproved;
    mapping(bytes32 => uint256) private approvals;

    constructor(address[] memory owners, uint256 threshold_) {
        for (uint256 i = 0; i < owners.length; i++) isOwner[owners[i]] = true;
        threshold = threshold_;
    }

    function replaceOwner(address former, address next) external {
        require(isOwner[msg.sender], "not an owner");
        isOwner[former] = false;
        isOwner[next] = true;
    }

    function approve(bytes32 hash) external {
        require(isOwner[msg.sender] && !hasApproved[hash][msg.sender], "not an owner, or not again");
        hasApproved[hash][msg.sender] = true;
        approvals[hash]++;
    }

    /// What an owner signs: `SafeMessage` of EIP-712.
    function messageOf(bytes32 hash) public view returns (bytes32) {
        bytes32 domain = keccak256(abi.encode(DOMAIN, block.chainid, address(this)));
        bytes32 message = keccak256(abi.encode(SAFE_MESSAGE, keccak256(abi.encode(hash))));
        return keccak256(abi.encodePacked(hex"1901", domain, message));
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        bool isValid = signature.length == 0 ? approvals[hash] >= threshold : areOwners(messageOf(hash), signature);
        return isValid ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }

    function areOwners(bytes32 message, bytes calldata signatures) private view returns (bool) {
        if (signatures.length != 65 * threshold) return false;
        address last;
        for (uint256 i = 0; i < threshold; i++) {
            (address signer, ECDSA.RecoverError fault,) =
                ECDSA.tryRecoverCalldata(message, signatures[65 * i:65 * (i + 1)]);
            if (fault != ECDSA.RecoverError.NoError || !isOwner[signer] || signer <= last) return false;
            last = signer;
        }
        return true;
    }
}

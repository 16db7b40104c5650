// The requests that the driver makes, each typed by its newest version: the library's older ones take and give the same.
import type {
  createTopicsV7,
  fetchV17,
  findCoordinatorV6,
  heartbeatV4,
  joinGroupV9,
  leaveGroupV5,
  listOffsetsV9,
  metadataV12,
  offsetCommitV9,
  offsetFetchV9,
  produceV11,
  syncGroupV5,
} from '@platformatic/kafka'

export interface Apis {
  CreateTopics: [createTopicsV7.CreateTopicsRequest, createTopicsV7.CreateTopicsResponse]
  Fetch: [fetchV17.FetchRequest, fetchV17.FetchResponse]
  FindCoordinator: [
    findCoordinatorV6.FindCoordinatorRequest,
    findCoordinatorV6.FindCoordinatorResponse,
  ]
  Heartbeat: [heartbeatV4.HeartbeatRequest, heartbeatV4.HeartbeatResponse]
  JoinGroup: [joinGroupV9.JoinGroupRequest, joinGroupV9.JoinGroupResponse]
  LeaveGroup: [leaveGroupV5.LeaveGroupRequest, leaveGroupV5.LeaveGroupResponse]
  ListOffsets: [listOffsetsV9.ListOffsetsRequest, listOffsetsV9.ListOffsetsResponse]
  Metadata: [metadataV12.MetadataRequest, metadataV12.MetadataResponse]
  OffsetCommit: [offsetCommitV9.OffsetCommitRequest, offsetCommitV9.OffsetCommitResponse]
  OffsetFetch: [offsetFetchV9.OffsetFetchRequest, offsetFetchV9.OffsetFetchResponse]
  Produce: [produceV11.ProduceRequest, produceV11.ProduceResponse]
  SyncGroup: [syncGroupV5.SyncGroupRequest, syncGroupV5.SyncGroupResponse]
}

export type Question<Name extends keyof Apis> = Apis[Name][0]
export type Answer<Name extends keyof Apis> = Apis[Name][1]
